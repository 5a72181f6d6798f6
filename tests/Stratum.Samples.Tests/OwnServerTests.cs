using System.Runtime.InteropServices;

namespace Stratum.Samples.Tests;

public sealed class OwnServerTests
{
    [Fact]
    public async Task Server_Overrides_DecideAndLeaveTheRestToTheBase()
    {
        await using var sample = Sample.Start("OwnServer", "0");
        await using var miner = await RawMiner.ConnectAsync(await sample.PortAsync());

        Assert.StartsWith("[20,\"Say who you are", await miner.ErrorAsync("mining.subscribe", "[]"));
        Assert.Contains("mining.notify", await miner.ResultAsync("mining.subscribe", """["raw/1"]"""));
        // The registered handler, by way of the base.
        Assert.Equal("""[24,"Unauthorized worker",null]""", await miner.ErrorAsync("mining.authorize", """["a","y"]"""));
        Assert.Equal("true", await miner.ResultAsync("mining.authorize", """["a","x"]"""));
        for (var i = 0; i < 3; i++)
            Assert.StartsWith("[21,", await miner.ErrorAsync("mining.submit", """["a","none","0000000000000000","00000000","00000000"]"""));
        Assert.Equal("""[24,"Three of your shares were refused",null]""", await miner.ErrorAsync("mining.authorize", """["b","x"]"""));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
    }
}
