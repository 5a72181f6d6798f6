using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary><c>notify</c>, and the program beside the command that daemons are given. Its own tests are Stratum.BlockNotify.Tests.</summary>
public sealed class NotifyTests
{
    private const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Fact]
    public async Task Notify_Hash_CallsTheServer()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var notify = Command.Start("notify", "--password", "pass", "--hash", Hash, "--port", PortOf(server));

        Assert.Equal(
            $$"""{"method":"mining.update_block","params":["cGFzcw==","{{Hash}}","bitcoin"],"id":1}""", await AnswerAsync(server));
        Assert.Equal(0, await notify.ExitCodeAsync());
    }

    // The command's own parser would take the first for a file to read.
    [Theory]
    [InlineData("@nowhere")]
    [InlineData("--help")]
    [InlineData("[suggest]")]
    public async Task Notify_DataThatLooksLikeAnOption_ArrivesAsItIs(string data)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var notify = Command.Start("notify", "--type", "alert", "--data", data, "--port", PortOf(server));

        Assert.Equal($$"""{"method":"mining.alert","params":["{{data}}","bitcoin"],"id":1}""", await AnswerAsync(server));
        Assert.Equal(0, await notify.ExitCodeAsync());
    }

    [Fact]
    public async Task Notify_DeadPort_FailsWithTheReason()
    {
        var port = FreePort.Next();
        await using var notify = Command.Start("notify", "--hash", Hash, "--port", $"{port}");

        Assert.Equal(1, await notify.ExitCodeAsync());
        Assert.StartsWith($"stratum notify: Nobody listens on localhost:{port}.", notify.LastError);
    }

    [Fact]
    public async Task Notify_BadUsage_NamesItsOwnHelp()
    {
        await using var notify = Command.Start("notify", "--hash", "5");

        Assert.Equal(2, await notify.ExitCodeAsync());
        Assert.EndsWith("See: stratum notify --help", notify.LastError);
    }

    [Fact]
    public async Task Help_NamesTheVerb()
    {
        await using var help = Command.Start("--help");

        Assert.Equal(0, await help.ExitCodeAsync());
        Assert.Contains(help.Lines, line => line.TrimStart().StartsWith("notify "));
    }

    [Fact]
    public async Task BlockNotify_BesideTheCommand_Runs()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        // Where the command itself was built: what lies beside these tests was copied by their own build.
        var command = AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "Stratum.Cli.Tests"), Path.Combine("src", "Stratum.Cli"), StringComparison.Ordinal);
        using var process = Process.Start(
            Path.Combine(command, "Stratum.BlockNotify"), ["--hash", Hash, "--port", PortOf(server)]);

        Assert.Contains(Hash, await AnswerAsync(server));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static string PortOf(TcpListener server) => ((IPEndPoint)server.LocalEndpoint).Port.ToString();

    private static async Task<string?> AnswerAsync(TcpListener server)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = await server.AcceptTcpClientAsync(deadline.Token);
        using var reader = new StreamReader(client.GetStream());
        var line = await reader.ReadLineAsync(deadline.Token);
        await client.GetStream().WriteAsync("{\"result\":true,\"error\":null,\"id\":1}\n"u8.ToArray(), deadline.Token);
        return line;
    }
}
