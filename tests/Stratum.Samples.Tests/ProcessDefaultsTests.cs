using System.Runtime.InteropServices;

namespace Stratum.Samples.Tests;

public sealed class ProcessDefaultsTests
{
    [Fact]
    public async Task Servers_OfOneProcess_ShareOptionsAndMethods()
    {
        await using var sample = Sample.Start("ProcessDefaults", "0", "0");
        await using var first = await RawMiner.ConnectAsync(await sample.PortAsync());
        await using var second = await RawMiner.ConnectAsync(await sample.PortAsync());

        foreach (var miner in new[] { first, second })
        {
            Assert.Equal("""[5,["a","b"],1]""", await miner.ResultAsync("mining.hashes", """[5,["a","b"]]"""));
            Assert.Equal("""[-1,"Nothing to rent",[2.5]]""", await miner.ErrorAsync("mining.rent", "[2.5]"));
        }
        // What one of them was given stays with it.
        Assert.Equal("1024", await second.ResultAsync("mining.second", "[]"));
        Assert.StartsWith("[-3,", await first.ErrorAsync("mining.second", "[]"));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
    }
}
