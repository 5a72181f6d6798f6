using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Stratum.Packages.Tests;

/// <summary>The tools, installed from their packages.</summary>
public sealed class ToolTests(PackedFolder packed)
{
    private const string Block = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Fact]
    public async Task Stratum_Demo_FindsSharesAndBlocks()
    {
        var (code, output, error) = await RunAsync("stratum", "demo", "--duration", "5s", "--port", "0", "--json");

        Assert.True(code == 0, output + error);
        using var end = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.True(end.RootElement.GetProperty("accepted").GetInt64() > 0, output);
        Assert.True(end.RootElement.GetProperty("blocks").GetInt64() > 0, output);
        Assert.Equal(0, end.RootElement.GetProperty("rejected").GetInt64());
    }

    [Theory]
    [InlineData("stratum", "  stratum [command] [options]")]
    [InlineData("blocknotify", "  blocknotify --password-file FILE --hash HASH")]
    public async Task Help_OfATool_CallsItAsItIsInstalled(string tool, string line)
    {
        var (code, output, error) = await RunAsync(tool, "--help");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(line, output.ReplaceLineEndings("\n").Split('\n'));
    }

    [Theory]
    [InlineData("stratum")]
    [InlineData("blocknotify")]
    public async Task Version_OfATool_IsThePackages(string tool)
    {
        var (code, output, _) = await RunAsync(tool, "--version");

        Assert.Equal((0, packed.Packages["Stratum"].Version), (code, output.Trim().Split('+')[0]));
    }

    [Theory]
    [InlineData("blocknotify")]
    [InlineData("stratum", "notify")]
    public async Task Notice_FromATool_ReachesTheServer(string tool, params string[] verb) =>
        await NotifiesAsync(await packed.ToolAsync(tool), verb);

    [Fact]
    public async Task Notice_FromTheProgramBesideTheCommand_ReachesTheServer()
    {
        // What the command gives to daemons that it starts.
        var stratum = await packed.ToolAsync("stratum");
        var beside = Directory.EnumerateFiles(
            Path.Combine(Path.GetDirectoryName(stratum)!, ".store", "stratum.cli"), "Stratum.BlockNotify", SearchOption.AllDirectories);

        await NotifiesAsync(Assert.Single(beside));
    }

    private static async Task NotifiesAsync(string program, params string[] verb)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var received = ReceiveAsync();

        var (code, output, error) = await Cli.RunAsync(program, Path.GetTempPath(),
            [.. verb, "--password", "pass", "--hash", Block, "--port", $"{((IPEndPoint)listener.LocalEndpoint).Port}"]);

        Assert.Equal((0, "", ""), (code, output, error));
        Assert.Equal($$"""{"method":"mining.update_block","params":["cGFzcw==","{{Block}}","bitcoin"],"id":1}""", await received);

        async Task<string?> ReceiveAsync()
        {
            using var connection = await listener.AcceptTcpClientAsync(deadline.Token);
            using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
            var line = await reader.ReadLineAsync(deadline.Token);
            await connection.GetStream().WriteAsync("{\"result\":true,\"error\":null,\"id\":1}\n"u8.ToArray(), deadline.Token);
            return line;
        }
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string tool, params string[] arguments) =>
        await Cli.RunAsync(await packed.ToolAsync(tool), packed.Folder, arguments);
}
