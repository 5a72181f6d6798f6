namespace Stratum.Rpc.Tests;

public sealed class JsonRpcHttpClientOptionsTests
{
    private static readonly JsonRpcHttpClientOptions Good = new() { Url = new Uri("http://127.0.0.1:9332/") };

    [Fact]
    public void Defaults_AreThese()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), Good.Timeout);
        Assert.Equal(67_108_864, Good.MaxAnswerBytes);
        Assert.Equal(1000, Good.MaxBatchCalls);
        Assert.Equal(8, Good.MaxConnections);
        Assert.Equal(TimeSpan.FromSeconds(10), Good.IdleTimeout);
        Assert.Same(TimeProvider.System, Good.TimeProvider);
        Assert.Null(Good.CookieFile);
        Assert.Null(Good.User);
        Assert.Null(Good.PasswordFile);
        Assert.Null(Good.Password);
        Assert.Null(Good.LoggerFactory);
    }

    public static TheoryData<string, JsonRpcHttpClientOptions> Contradictions => new()
    {
        { "http://host:port/", Good with { Url = new Uri("ftp://127.0.0.1/") } },
        { "http://host:port/", Good with { Url = new Uri("/relative", UriKind.Relative) } },
        { "must not carry", Good with { Url = new Uri("http://anna:pa55@127.0.0.1/") } },
        { "not both", Good with { CookieFile = "c", User = "u", Password = "pa55" } },
        { "not both", Good with { User = "u", Password = "pa55", PasswordFile = "f" } },
        { "together", Good with { User = "u" } },
        { "together", Good with { Password = "pa55" } },
        { "colon", Good with { User = "u:v", Password = "pa55" } },
        { "Timeout", Good with { Timeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Constructor_Contradiction_SaysWhichWithoutThePassword(string word, JsonRpcHttpClientOptions options)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new JsonRpcHttpClient(options));

        Assert.Contains(word, e.Message);
        Assert.DoesNotContain("pa55", e.ToString());
        Assert.DoesNotContain("pa55", options.ToString());
    }

    [Fact]
    public void Constructor_NoRoom_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonRpcHttpClient(Good with { MaxAnswerBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonRpcHttpClient(Good with { MaxConnections = 0 }));
    }
}
