namespace Stratum.Simulation.Tests;

public class WalletCallsTests
{
    private const string Mine = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private const string Other = "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn";

    [Fact]
    public async Task GetAddressInfo_OwnOtherAndWrong_SaysSo()
    {
        await using var daemon = await DaemonFixture.StartAsync(null, new() { WalletAddresses = [Mine] });
        var info = await daemon.CallAsync("getaddressinfo", Mine.ToUpperInvariant());
        Assert.True(info.GetProperty("ismine").GetBoolean());
        Assert.Equal(0, info.GetProperty("witness_version").GetInt32());
        Assert.False((await daemon.CallAsync("getaddressinfo", Other)).GetProperty("ismine").GetBoolean());
        Assert.Equal(-5, await daemon.ErrorAsync("getaddressinfo", "nonsense"));
    }

    [Fact]
    public async Task GetAddressInfo_NoWallet_ErrorOfTheRealOne()
    {
        await using var none = await DaemonFixture.StartAsync();
        Assert.Equal(-18, await none.ErrorAsync("getaddressinfo", Mine));
        await using var disabled = await DaemonFixture.StartAsync(null, new() { WalletDisabled = true });
        Assert.Equal(-32601, await disabled.ErrorAsync("getaddressinfo", Mine));
        await using var empty = await DaemonFixture.StartAsync(null, new() { WalletAddresses = [] });
        Assert.False((await empty.CallAsync("getaddressinfo", Mine)).GetProperty("ismine").GetBoolean());
    }
}
