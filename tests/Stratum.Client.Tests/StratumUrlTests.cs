namespace Stratum.Client.Tests;

public sealed class StratumUrlTests
{
    [Theory]
    [InlineData("stratum+tcp://pool.example.com:3333", "pool.example.com", 3333, false)]
    [InlineData("tcp://pool.example.com:3333/", "pool.example.com", 3333, false)]
    [InlineData("pool.example.com:3333", "pool.example.com", 3333, false)]
    [InlineData(" 127.0.0.1:1 ", "127.0.0.1", 1, false)]
    [InlineData("stratum+ssl://pool:443", "pool", 443, true)]
    [InlineData("stratum+tls://pool:443", "pool", 443, true)]
    [InlineData("STRATUM+TCPS://pool:65535", "pool", 65535, true)]
    [InlineData("stratum+tcp://[::1]:3333", "::1", 3333, false)]
    public void Parse_GoodUrl_HasItsParts(string text, string host, int port, bool useTls)
    {
        var url = StratumUrl.Parse(text);
        Assert.Equal((host, port, useTls), (url.Host, url.Port, url.UseTls));
        Assert.Equal(url, StratumUrl.Parse(url.ToString()));
    }

    [Theory]
    [InlineData("", "no port")]
    [InlineData("pool", "no port")]
    [InlineData("[::1]", "no port")]
    [InlineData("http://pool:80", "scheme 'http'")]
    [InlineData("stratum+tcp://pool:0", "port '0'")]
    [InlineData("stratum+tcp://pool:65536", "port '65536'")]
    [InlineData("stratum+tcp://pool:+1", "port '+1'")]
    [InlineData("stratum+tcp://:3333", "host ''")]
    [InlineData("::1:3333", "IPv6 addresses stand in brackets")]
    [InlineData("[pool]:3333", "not a host name")]
    [InlineData("stratum+tcp://po ol:3333", "not a host name")]
    [InlineData("stratum+tcp://me:secret@pool:3333", "user name")]
    [InlineData("https://me:secret@pool:3333", "user name")]
    [InlineData("me:secret@pool", "user name")]
    public void TryParse_BadUrl_SaysWhatIsWrong(string text, string expected)
    {
        Assert.False(StratumUrl.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => StratumUrl.Parse(text)).Message);
    }

    [Fact]
    public void Equals_NamesInOtherCase_AreTheSame()
    {
        Assert.Equal(StratumUrl.Parse("POOL:1"), StratumUrl.Parse("pool:1"));
        Assert.NotEqual(StratumUrl.Parse("ssl://pool:1"), StratumUrl.Parse("pool:1"));
    }
}
