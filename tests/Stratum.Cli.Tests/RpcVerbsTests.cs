using System.Diagnostics;
using System.Text.Json;
using Stratum.Rpc;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary><c>hash-password</c>, and <c>call</c> to an RPC server.</summary>
public sealed class RpcVerbsTests
{
    private const string Password = "correct horse é";

    [Theory]
    [InlineData(Password + "\nmore\n")]
    [InlineData(Password + "\r\n")]
    [InlineData(Password)]
    public async Task HashPassword_FirstLineOfTheInput_PrintsWhatTheServerTakes(string input)
    {
        await using var hash = Command.StartWithInput(input, "hash-password");

        Assert.Equal(0, await hash.ExitCodeAsync());
        Assert.Equal(RpcPassword.Hash(Password), Assert.Single(hash.Lines));
    }

    [Fact]
    public async Task HashPassword_Json_OneObject()
    {
        await using var hash = Command.StartWithInput("password\n", "hash-password", "--json");

        Assert.Equal(0, await hash.ExitCodeAsync());
        // sha256sum of the word.
        Assert.Equal("""{"sha256":"5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"}""", Assert.Single(hash.Lines));
    }

    [Fact]
    public async Task HashPassword_NothingGiven_BadUsage()
    {
        await using var hash = Command.StartWithInput("\n", "hash-password");

        Assert.Equal(2, await hash.ExitCodeAsync());
        Assert.Contains("empty", hash.LastError);
        Assert.Empty(hash.Lines);
    }

    [Theory]
    [InlineData("s3cret\\ns3cret\\n", 0)]
    [InlineData("s3cret\\nother\\n", 2)]
    public async Task HashPassword_AtATerminal_IsNotShown(string typed, int exitCode)
    {
        // util-linux's script gives the command a terminal; what is typed comes through a pipe, when it is asked for.
        var dll = Path.Combine(AppContext.BaseDirectory, "Stratum.Cli.dll");
        var start = new ProcessStartInfo("script") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "-qec", $"dotnet {dll} hash-password", "/dev/null" })
            start.ArgumentList.Add(argument);
        using var script = Process.Start(start)!;
        var shown = "";
        foreach (var (prompt, answer) in new[] { "Password: ", "Again: " }.Zip(typed.Split("\\n")))
        {
            while (!shown.Contains(prompt, StringComparison.Ordinal))
                shown += await ReadAsync(script);
            await script.StandardInput.WriteAsync(answer + "\r");
            await script.StandardInput.FlushAsync();
        }
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        shown += await script.StandardOutput.ReadToEndAsync(deadline.Token);
        await script.WaitForExitAsync(deadline.Token);

        Assert.Equal(exitCode, script.ExitCode);
        Assert.DoesNotContain("s3cret", shown);
        Assert.Equal(exitCode == 0, shown.Contains(RpcPassword.Hash("s3cret"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rpc")]
    [InlineData("http")]
    public async Task Call_RpcServerWithAPassword_PrintsTheResult(string scheme)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, Password + "\n");
        await using var server = await StartAsync();
        var url = $"{scheme}://127.0.0.1:{server.Port}";
        await using (var call = Command.Start("call", url, "mining.connections", "--password-file", file))
        {
            Assert.Equal(0, await call.ExitCodeAsync());
            Assert.Equal("[]", Assert.Single(call.Lines));
        }
        await using (var call = Command.Start("call", url, "sum", """{"a":2,"b":3}""", "--password-file", file))
        {
            Assert.Equal(0, await call.ExitCodeAsync());
            Assert.Equal("5", Assert.Single(call.Lines));
        }
        await using (var call = Command.Start("call", url, "nonesuch", "--password-file", file))
        {
            Assert.Equal(1, await call.ExitCodeAsync());
            Assert.Contains("Method not found", call.LastError);
        }
        await using (var call = Command.Start("call", url, "mining.connections"))
        {
            Assert.Equal(1, await call.ExitCodeAsync());
            Assert.Contains("password", call.LastError);
        }
        await File.WriteAllTextAsync(file, "another one\n");
        await using (var call = Command.Start("call", url, "mining.connections", "--password-file", file))
        {
            Assert.Equal(1, await call.ExitCodeAsync());
            Assert.DoesNotContain("another one", call.Errors);
        }
    }

    [Fact]
    public async Task Call_NobodyThereOrBadUsage_SaysSo()
    {
        var port = FreePort.Next();
        await using (var call = Command.Start("call", $"rpc://127.0.0.1:{port}", "mining.connections"))
        {
            Assert.Equal(1, await call.ExitCodeAsync());
            Assert.Contains("refused the connection", call.LastError);
        }
        await using (var call = Command.Start("call", $"rpc://127.0.0.1:{port}", "mining.connections", "7"))
            Assert.Equal(2, await call.ExitCodeAsync());
        await using (var call = Command.Start("call", $"stratum+tcp://127.0.0.1:{port}", "mining.ping", "[]", "--password-file", "x"))
            Assert.Equal(2, await call.ExitCodeAsync());
    }

    private static async Task<RpcServer> StartAsync()
    {
        var options = new RpcServerOptions { Port = 0, Mode = RpcMode.Both };
        options.PasswordHashes.Add(RpcPassword.Hash(Password));
        var server = new RpcServer(options);
        server.Expose("sum", (int a, int b) => a + b);
        await server.StartAsync();
        return server;
    }

    private static async Task<string> ReadAsync(Process process)
    {
        var buffer = new char[256];
        var read = await process.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.True(read > 0, "The command ended before it asked.");
        return new string(buffer, 0, read);
    }
}
