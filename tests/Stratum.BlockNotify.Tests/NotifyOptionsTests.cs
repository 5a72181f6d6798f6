namespace Stratum.BlockNotify.Tests;

public sealed class NotifyOptionsTests
{
    private const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Fact]
    public void Parse_PasswordAndHashAlone_IsEnough()
    {
        var options = NotifyOptions.Parse(["--password", "P", "--hash", Hash]);

        Assert.Null(options.Error);
        Assert.Equal(
            ("localhost", 1337, "bitcoin", 5000, "UA==", "mining.update_block", Hash),
            (options.Host, options.Port, options.Source, options.Timeout, options.Password, options.Method, options.Data));
    }

    [Fact]
    public void Parse_EveryOption_IsTaken()
    {
        var options = NotifyOptions.Parse([
            "--host", "10.0.0.1", "--port=9000", "--source", "a=b", "--type", "WALLET", "--data=x=y", "--password=p=q", "--timeout", "2m"]);

        Assert.Null(options.Error);
        Assert.Equal(
            ("10.0.0.1", 9000, "a=b", 120_000, "cD1x", "mining.wallet", "x=y"),
            (options.Host, options.Port, options.Source, options.Timeout, options.Password, options.Method, options.Data));
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("20s", 20_000)]
    [InlineData("20", 20_000)]
    [InlineData("5m", 300_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("25h", 0)]
    [InlineData("1441m", 0)]
    [InlineData("0s", 0)]
    [InlineData("-1s", 0)]
    [InlineData("1.5s", 0)]
    [InlineData("s", 0)]
    [InlineData("", 0)]
    [InlineData("1d", 0)]
    [InlineData("1sm", 0)]
    [InlineData("99999999999999999999ms", 0)]
    public void Duration_Text_IsMillisecondsOrNone(string text, int milliseconds) => Assert.Equal(milliseconds, Duration.Parse(text));
}
