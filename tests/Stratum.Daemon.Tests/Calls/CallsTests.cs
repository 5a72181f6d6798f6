using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Health, depth of a block, ownership of an address: every answer, and every refusal.</summary>
public sealed class CallsTests
{
    private static readonly Hash256 Block = Hash256.Parse(new string('b', 64));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetHealthAsync_GoodAnswers_SaysAllOfIt()
    {
        await using var fake = new FakeDaemon { Peers = 9 };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));
        Assert.Null(daemon.Health);

        DaemonHealth health = await daemon.GetHealthAsync(Ct);

        Assert.Equal(
            new DaemonHealth(101, Hash256.Parse(fake.BestBlock), 9, false, null, "/FakeCore:1.2.3/"), health);
        Assert.Same(health, daemon.Health);
    }

    [Theory]
    [InlineData("getblockchaininfo", "{}", "bestblockhash")]
    [InlineData("getblockchaininfo", "null", "bestblockhash")]
    [InlineData("getblockchaininfo", "{\"bestblockhash\":\"00\",\"blocks\":1}", "bestblockhash")]
    [InlineData("getnetworkinfo", "{\"connections\":\"many\"}", "connections")]
    [InlineData("getnetworkinfo", "[]", "connections")]
    public async Task GetHealthAsync_WrongShape_NamesTheMember(string method, string answer, string member)
    {
        await using var fake = new FakeDaemon();
        fake.Mood = r => r.Method == method ? RawHttpReply.Result(answer) : null;
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        var e = await Assert.ThrowsAsync<FormatException>(() => daemon.GetHealthAsync(Ct));

        Assert.Contains($"{method}: \"{member}\"", e.Message);
    }

    [Fact]
    public async Task Health_WhileTemplatesAreRead_IsAskedAtOnceAndAfterEachInterval()
    {
        var time = new SteppedTime();
        await using var fake = new FakeDaemon { Peers = 3 };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, time) with
        {
            HealthInterval = TimeSpan.FromSeconds(15),
        });
        await reading.NextAsync();
        await fake.UntilAsync(_ => reading.Daemon.Health is { Peers: 3 });

        fake.Peers = 4;
        await time.ElapseAsync(TimeSpan.FromSeconds(15));

        await fake.UntilAsync(_ => reading.Daemon.Health is { Peers: 4 });
    }

    [Fact]
    public async Task Health_CannotBeHad_WorkComesAllTheSame()
    {
        await using var fake = new FakeDaemon();
        fake.Mood = r => r.Method == "getnetworkinfo" ? RawHttpReply.Of(403, "") : null;
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, new SteppedTime()) with
        {
            HealthInterval = TimeSpan.FromSeconds(15),
        });
        await reading.NextAsync();
        await fake.UntilAsync(f => f.Requests.Any(r => r.Method == "getnetworkinfo"));

        fake.NewBlock();

        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Theory]
    [InlineData("{\"confirmations\":1}", 1)]
    [InlineData("{\"confirmations\":-1}", -1)]
    public async Task GetConfirmationsAsync_KnownBlock_IsItsDepth(string answer, int expected)
    {
        RawHttpRequest? seen = null;
        await using var fake = new FakeDaemon();
        fake.Mood = r =>
        {
            seen = r;
            return RawHttpReply.Result(answer);
        };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Equal(expected, await daemon.GetConfirmationsAsync(Block, Ct));

        Assert.Equal("getblockheader", seen!.Method);
        Assert.Equal($"[\"{Block}\",true]", seen.Params.ToJsonString());
    }

    [Fact]
    public async Task GetConfirmationsAsync_Refused_OnlyMinus5MeansUnknown()
    {
        int code = -5;
        await using var fake = new FakeDaemon { Mood = _ => RawHttpReply.Error(code, "Block not found") };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Null(await daemon.GetConfirmationsAsync(Block, Ct));
        code = -28;
        await Assert.ThrowsAsync<RpcException>(() => daemon.GetConfirmationsAsync(Block, Ct));
        fake.Mood = _ => RawHttpReply.Result("{}");
        await Assert.ThrowsAsync<FormatException>(() => daemon.GetConfirmationsAsync(Block, Ct));
    }

    [Theory]
    [InlineData("{\"ismine\":true}", true)]
    [InlineData("{\"ismine\":false}", false)]
    [InlineData("{}", null)]
    [InlineData("17", null)]
    public async Task OwnsAddressAsync_OneWallet_IsItsWord(string answer, bool? expected)
    {
        await using var fake = new FakeDaemon { Mood = _ => RawHttpReply.Result(answer) };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Equal(expected, await daemon.OwnsAddressAsync("rltc1abc", Ct));
    }

    [Theory]
    [InlineData(-18)]
    [InlineData(-32601)]
    [InlineData(-5)]
    public async Task OwnsAddressAsync_NobodyCanSay_IsNull(int code)
    {
        await using var fake = new FakeDaemon { Mood = _ => RawHttpReply.Error(code, "no") };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Null(await daemon.OwnsAddressAsync("rltc1abc", Ct));
    }

    [Fact]
    public async Task OwnsAddressAsync_Starting_ThrowsThat()
    {
        await using var fake = new FakeDaemon { Mood = _ => RawHttpReply.Error(-28, "Loading wallet...") };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Equal(-28, (await Assert.ThrowsAsync<RpcException>(() => daemon.OwnsAddressAsync("x", Ct))).Code);
    }

    [Theory]
    [InlineData("/wallet/my%20own", true)]
    [InlineData("/wallet/", true)]
    [InlineData("none", false)]
    public async Task OwnsAddressAsync_SeveralWallets_AsksEach(string owner, bool expected)
    {
        await using var fake = new FakeDaemon();
        fake.Mood = r => (r.Method, Path(r)) switch
        {
            ("listwallets", _) => RawHttpReply.Result("""["","my own","gone"]"""),
            ("getaddressinfo", "/") => RawHttpReply.Error(-19, "Wallet file not specified"),
            ("getaddressinfo", "/wallet/gone") => RawHttpReply.Error(-18, "not loaded"),
            ("getaddressinfo", var path) => RawHttpReply.Result(
                path == owner ? """{"ismine":true}""" : """{"ismine":false}"""),
            _ => null,
        };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Equal(expected, await daemon.OwnsAddressAsync("rltc1abc", Ct));
    }

    [Fact]
    public async Task Name_GivenOrNot_IsThatOrThePlace()
    {
        CoinDaemonOptions options = TemplateReading.Options(new Uri("http://127.0.0.1:9332/"));
        await using var plain = new CoinDaemon(options);
        await using var named = new CoinDaemon(options with { Name = "cellar" });

        Assert.Equal("127.0.0.1:9332", plain.Name);
        Assert.Equal("cellar", named.Name);
    }

    private static string Path(RawHttpRequest request) => request.Head.Split(' ')[1];
}
