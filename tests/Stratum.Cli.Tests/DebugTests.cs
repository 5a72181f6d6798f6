using System.Runtime.InteropServices;

namespace Stratum.Cli.Tests;

/// <summary><c>DEBUG=stratum</c>, on both sides of a wire.</summary>
public sealed class DebugTests
{
    [Fact]
    public async Task Debug_PoolAndMiner_ShowTheWireWithoutThePassword()
    {
        await using var pool = Command.StartWith(
            ("DEBUG", "stratum"), "pool", "--simulate", "--json", "--port", "0", "--difficulty", "0.00001");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var miner = Command.StartWith(
            ("DEBUG", "express,stratum"), "mine", $"127.0.0.1:{port}", "--user", "u", "--password", "hunter2", "--shares", "1");
        Assert.Equal(0, await miner.ExitCodeAsync());
        Assert.Equal(0, await pool.SignalAsync(PosixSignal.SIGTERM));

        foreach (var side in new[] { pool, miner })
        {
            Assert.Contains("\"method\":\"mining.subscribe\"", side.Errors);
            Assert.Contains("\"method\":\"mining.authorize\",\"params\":(not shown)", side.Errors);
            Assert.Contains("\"method\":\"mining.notify\"", side.Errors);
            Assert.Contains("\"method\":\"mining.submit\"", side.Errors);
            Assert.DoesNotContain("hunter2", side.Errors + string.Join('\n', side.Lines));
        }
    }

    [Fact]
    public async Task Debug_OfSomethingElse_ShowsNothing()
    {
        await using var pool = Command.StartWith(("DEBUG", "express"), "pool", "--simulate", "--json", "--port", "0");
        await pool.EventAsync("listening");
        Assert.Equal(0, await pool.SignalAsync(PosixSignal.SIGTERM));
        Assert.DoesNotContain("Stratum.Server", pool.Errors);
    }
}
