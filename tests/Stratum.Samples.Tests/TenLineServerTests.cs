using System.Runtime.InteropServices;

namespace Stratum.Samples.Tests;

public sealed class TenLineServerTests
{
    [Fact]
    public async Task Server_MinerWithThePassword_IsCreditedForItsShare()
    {
        await using var sample = Sample.Start("TenLineServer", "0");
        await using var miner = await RawMiner.ConnectAsync(await sample.PortAsync());

        var notify = await miner.LoginAsync("alice");
        var share = await miner.MineAsync("alice", notify);

        Assert.StartsWith("alice has 0.0000000004", await sample.LineAsync(line => line.Contains("has")));
        Assert.StartsWith("[22,", await miner.ErrorAsync("mining.submit", share));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
    }

    [Fact]
    public async Task Server_AnotherPassword_IsRefused()
    {
        await using var sample = Sample.Start("TenLineServer", "0");
        await using var miner = await RawMiner.ConnectAsync(await sample.PortAsync());

        await miner.ResultAsync("mining.subscribe", "[]");

        Assert.StartsWith("[24,", await miner.ErrorAsync("mining.authorize", """["alice","y"]"""));
    }

    [Fact]
    public async Task Server_ItsOwnMethod_IsAnswered()
    {
        await using var sample = Sample.Start("TenLineServer", "0");
        await using var miner = await RawMiner.ConnectAsync(await sample.PortAsync());

        Assert.Equal("""{"any":7,"list":["a","b"]}""", await miner.ResultAsync("mining.hashes", """[7,["a","b"]]"""));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGINT));
    }
}
