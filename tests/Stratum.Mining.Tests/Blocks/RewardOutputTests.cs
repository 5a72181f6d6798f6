using System.Globalization;

namespace Stratum.Mining.Tests;

public class RewardOutputTests
{
    private const string Address = "bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202";

    [Theory]
    [InlineData("=1.25", 125_000_000, "=1.25")]
    [InlineData("=00001", 100_000_000, "=1")]
    [InlineData(" = 0.00000001 ", 1, "=0.00000001")]
    [InlineData("=.5", 50_000_000, "=0.5")]
    [InlineData("=92233720368", 9_223_372_036_800_000_000, "=92233720368")]
    public void TryParse_Coins_AreSmallestUnits(string text, long amount, string written)
    {
        var output = Parse(Address + text);
        Assert.Equal((amount, null), (output.Amount, output.Percent));
        Assert.Equal(Address + written, output.ToString());
        Assert.Equal(output, Parse(output.ToString()));
    }

    [Theory]
    [InlineData("=2.5%", "2.5", "=2.5%")]
    [InlineData("= 0.0001 %", "0.0001", "=0.0001%")]
    [InlineData("=100%", "100", "=100%")]
    [InlineData("=1.50000000%", "1.5", "=1.5%")]
    public void TryParse_Percent_IsAShare(string text, string percent, string written)
    {
        var output = Parse(Address + text);
        Assert.Equal((null, decimal.Parse(percent, CultureInfo.InvariantCulture)), (output.Amount, output.Percent));
        Assert.Equal(Address + written, output.ToString());
        Assert.Equal(output, Parse(output.ToString()));
    }

    [Theory]
    [InlineData(null, "write ADDRESS=1.25 (coins) or ADDRESS=2.5%")]
    [InlineData("", "write ADDRESS=1.25 (coins) or ADDRESS=2.5%")]
    [InlineData("=1", "write ADDRESS=1.25 (coins) or ADDRESS=2.5%")]
    [InlineData(Address, "write ADDRESS=1.25 (coins) or ADDRESS=2.5%")]
    [InlineData(Address + "=", "'' of the output for " + Address + " is no number")]
    [InlineData(Address + "=1,25", "'1,25' of the output")]
    [InlineData(Address + "=1e2", "is no number")]
    [InlineData(Address + "=%", "is no number")]
    [InlineData(Address + "=5%%", "is no number")]
    [InlineData(Address + "=0", "is 0, which must be above 0")]
    [InlineData(Address + "=-1", "is -1, which must be above 0")]
    [InlineData(Address + "=0.000000001", "which may have 8 decimals")]
    [InlineData(Address + "=92233720369", "which is more than there can be")]
    [InlineData(Address + "=0%", "is 0%, which must be above 0 and at most 100 percent")]
    [InlineData(Address + "=-2%", "is -2%, which must be above 0 and at most 100 percent")]
    [InlineData(Address + "=100.0001%", "at most 100 percent")]
    [InlineData(Address + "=0.00001%", "which may have 4 decimals")]
    [InlineData("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq=1", "is an address of bitcoin mainnet")]
    [InlineData("nobody=1", "is not an address")]
    public void TryParse_NoOutput_SaysWhy(string? text, string what)
    {
        Assert.False(RewardOutput.TryParse(text, Coin.Bitcoin, Coin.Bitcoin.GetNetwork("regtest"), out var output, out var error));
        Assert.Null(output);
        Assert.Contains(what, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Of_NothingOrLess_IsRefused(int figure)
    {
        var address = Parse(Address + "=1").Address;
        Assert.Throws<ArgumentOutOfRangeException>(() => RewardOutput.OfAmount(address, figure));
        Assert.Throws<ArgumentOutOfRangeException>(() => RewardOutput.OfPercent(address, figure));
    }

    private static RewardOutput Parse(string text)
    {
        Assert.True(RewardOutput.TryParse(
            text, Coin.Bitcoin, Coin.Bitcoin.GetNetwork("regtest"), out var output, out var error), error);
        return output;
    }
}
