using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>The single calls.</summary>
public sealed class CoinDaemonTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetTemplateAsync_SendsTheCoinsRulesAndTheLongPollId()
    {
        await using var fake = new FakeDaemon { LongPollWaits = false };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        await daemon.GetTemplateAsync(cancellationToken: Ct);
        await daemon.GetTemplateAsync("00ff7", Ct);

        Assert.Equal("""[{"rules":["mweb","segwit"]}]""", fake.Requests[0].Params.ToJsonString());
        Assert.Equal("""[{"rules":["mweb","segwit"],"longpollid":"00ff7"}]""", fake.Requests[1].Params.ToJsonString());
    }

    [Theory]
    [InlineData("{\"odd\":1}")]
    [InlineData("true")]
    [InlineData("[]")]
    public async Task SubmitBlockAsync_AnswerIsNoWord_IsNoRefusal(string answer)
    {
        await using var fake = new FakeDaemon { Mood = _ => RawHttpReply.Result(answer) };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));
        await Assert.ThrowsAsync<FormatException>(() => daemon.SubmitBlockAsync(new byte[] { 1 }, Ct));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"duplicate\"", "duplicate")]
    [InlineData("\"high-hash\"", "high-hash")]
    public async Task SubmitBlockAsync_Answer_IsTheDaemonsWord(string answer, string? word)
    {
        RawHttpRequest? seen = null;
        await using var fake = new FakeDaemon();
        fake.Mood = r =>
        {
            seen = r;
            return RawHttpReply.Result(answer);
        };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Equal(word, await daemon.SubmitBlockAsync(new byte[] { 0x00, 0xAB }, Ct));

        Assert.Equal("submitblock", seen!.Method);
        Assert.Equal("""["00ab"]""", seen.Params.ToJsonString());
    }

    [Fact]
    public async Task SubmitBlockAsync_NotABlock_ThrowsWithTheCode()
    {
        await using var fake = new FakeDaemon { Mood = _ => RawHttpReply.Error(-22, "Block decode failed") };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => daemon.SubmitBlockAsync(new byte[80], Ct));

        Assert.Equal(-22, e.Code);
    }

    [Fact]
    public async Task SubmitBlockAsync_WhileALongPollWaits_IsAnswered()
    {
        await using var fake = new FakeDaemon
        {
            Mood = r => r.Method == "submitblock" ? RawHttpReply.Result("null") : null,
        };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, new SteppedTime()));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        Assert.Null(await reading.Daemon.SubmitBlockAsync(new byte[80], Ct));
        Assert.True(reading.IsWaiting);
    }

    [Fact]
    public async Task ProposeBlockAsync_SendsModeAndRules()
    {
        RawHttpRequest? seen = null;
        await using var fake = new FakeDaemon();
        fake.Mood = r =>
        {
            seen = r;
            return RawHttpReply.Result("\"bad-cb-amount\"");
        };
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));

        Assert.Equal("bad-cb-amount", await daemon.ProposeBlockAsync(new byte[] { 1, 2 }, Ct));

        Assert.Equal("getblocktemplate", seen!.Method);
        Assert.Equal("""[{"rules":["mweb","segwit"],"mode":"proposal","data":"0102"}]""", seen.Params.ToJsonString());
    }

    [Fact]
    public void Options_Defaults_AreThese()
    {
        CoinDaemonOptions options = new()
        {
            Url = new Uri("http://127.0.0.1:1/"), Coin = Coin.Bitcoin, Network = Coin.Bitcoin.GetNetwork("regtest"),
        };

        Assert.Equal(TimeSpan.FromSeconds(60), options.CallTimeout);
        Assert.Equal(Timeout.InfiniteTimeSpan, options.LongPollTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.TipCheckInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), options.PollInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.JobInterval);
        Assert.Equal(TimeSpan.FromSeconds(10), options.TipCheckTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), options.HealthInterval);
        Assert.Empty(options.BlockSources);
        Assert.True(options.UseLongPoll);
        Assert.Null(options.Name);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.MinRetryDelay);
        Assert.Equal(TimeSpan.FromSeconds(5), options.MaxRetryDelay);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Null(options.CookieFile);
        Assert.Null(options.User);
        Assert.Null(options.PasswordFile);
        Assert.Null(options.Password);
        Assert.Null(options.LoggerFactory);
    }

    [Fact]
    public void Options_WithPassword_ToStringHidesIt()
    {
        CoinDaemonOptions options = TemplateReading.Options(new Uri("http://127.0.0.1:9332/")) with
        {
            User = "anna", Password = "pa55",
        };

        Assert.Equal("litecoin regtest at http://127.0.0.1:9332/, user anna", options.ToString());
    }

    [Fact]
    public void Constructor_Contradiction_IsRefused()
    {
        CoinDaemonOptions good = TemplateReading.Options(new Uri("http://127.0.0.1:9332/"));

        Assert.Throws<ArgumentException>(() => new CoinDaemon(good with { User = "anna" }));
        Assert.Throws<ArgumentException>(() => new CoinDaemon(good with { PollInterval = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => new CoinDaemon(good with { MaxRetryDelay = good.MinRetryDelay / 2 }));
        Assert.Throws<ArgumentException>(() => new CoinDaemon(good with { JobInterval = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => new CoinDaemon(good with { TipCheckTimeout = -TimeSpan.FromTicks(1) }));
        Assert.Throws<ArgumentException>(() => new CoinDaemon(good with { HealthInterval = TimeSpan.Zero }));
    }
}
