using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A daemon of another network or coin is told, and never mined for.</summary>
public sealed class WrongChainTests
{
    [Theory]
    [InlineData("main", "litecoin", "regtest", "litecoin regtest (\"main\"", "litecoin regtest (\"regtest\")")]
    [InlineData(
        "main", "litecoin", "mainnet", "litecoin mainnet (\"main\"", "litecoin regtest (\"regtest\", block 0 5308")]
    [InlineData(
        "regtest", "bitcoin", "regtest", "bitcoin regtest (\"regtest\"", "litecoin regtest (\"regtest\", block 0 5308")]
    public async Task TemplatesAsync_WrongChain_NamesBothAndAsksForNoTemplate(
        string chain, string coin, string network, string follows, string wanted)
    {
        Assert.True(Coin.TryFind(coin, out Coin? known));
        await using var fake = new FakeDaemon
        {
            Chain = chain, Genesis = known.GetNetwork(network).GenesisHash!.Value.ToString(),
        };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url));

        DaemonStatus status = await reading.UntilAsync(DaemonState.WrongChain);
        await fake.UntilAsync(f => f.Requests.Count > 5);

        Assert.Contains("follows " + follows, status.Text);
        Assert.Contains("but " + wanted, status.Text);
        Assert.DoesNotContain(fake.Requests, r => r.Method == "getblocktemplate");
        Assert.Single(reading.Statuses);
        Assert.True(reading.IsWaiting);
    }

    [Fact]
    public async Task TemplatesAsync_BlockZeroOfNoKnownCoin_NamesTheBlock()
    {
        await using var fake = new FakeDaemon { Genesis = new string('a', 64) };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url));

        DaemonStatus status = await reading.UntilAsync(DaemonState.WrongChain);

        Assert.Contains("follows the chain \"regtest\" with block 0 aaaa", status.Text);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"abc\"")]
    [InlineData("17")]
    [InlineData(null)]
    public async Task TemplatesAsync_BlockZeroIsNoHash_IsNoReasonToRefuse(string? answer)
    {
        await using var fake = new FakeDaemon { Genesis = null };
        fake.Mood = r => r.Method == "getblockhash" && answer is not null ? RawHttpReply.Result(answer) : null;
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url));

        Assert.Equal(102, (await reading.NextAsync()).Height);
    }

    [Fact]
    public async Task TemplatesAsync_NetworkWithoutAKnownBlockZero_IsJudgedByItsName()
    {
        await using var fake = new FakeDaemon { Genesis = new string('a', 64) };
        CoinDaemonOptions options = TemplateReading.Options(fake.Url);
        await using var reading = new TemplateReading(options with
        {
            Network = options.Network with { GenesisHash = null },
        });

        Assert.Equal(102, (await reading.NextAsync()).Height);
    }
}
