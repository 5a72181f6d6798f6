using Stratum.Mining;
using Stratum.Simulation;

namespace Stratum.Pool.Tests;

/// <summary>Every kind of template, on every network, becomes a block that the chain takes.</summary>
public class EveryTemplateTests
{
    private static readonly Dictionary<string, Func<SimulatedChainOptions, SimulatedChainOptions>> s_kinds = new()
    {
        ["usual"] = options => options,
        ["empty"] = options => options with { TransactionsPerBlock = 0, JobInterval = Timeout.InfiniteTimeSpan },
        ["full"] = options => options with { FullBlocks = true },
        ["legacy"] = options => options with { LegacyOnly = true },
        ["flags"] = options => options with { CoinbaseFlags = "/P2SH/"u8.ToArray() },
        ["future"] = options => options with { FirstBlockAge = TimeSpan.FromMinutes(-30) },
        ["versionbits"] = options => options with
        {
            Version = 0x30000010, VersionBitsRequired = 0x10000000,
            VersionBitsAvailable = new Dictionary<string, int> { ["mweb"] = 4, ["other"] = 20 },
        },
        ["mweb"] = options => options with { MwebHeight = 1 },
        ["mwebfull"] = options => options with { MwebHeight = 1, FullBlocks = true },
    };

    [Theory]
    [InlineData("bitcoin", "mainnet", "usual")]
    [InlineData("bitcoin", "testnet", "usual")]
    [InlineData("bitcoin", "signet", "usual")]
    [InlineData("bitcoin", "regtest", "empty")]
    [InlineData("bitcoin", "regtest", "full")]
    [InlineData("bitcoin", "regtest", "legacy")]
    [InlineData("bitcoin", "regtest", "flags")]
    [InlineData("bitcoin", "mainnet", "future")]
    [InlineData("bitcoin", "mainnet", "versionbits")]
    [InlineData("litecoin", "mainnet", "usual")]
    [InlineData("litecoin", "regtest", "versionbits")]
    [InlineData("litecoin", "regtest", "legacy")]
    [InlineData("litecoin", "mainnet", "mweb")]
    [InlineData("litecoin", "regtest", "mwebfull")]
    public async Task Template_OfEveryKind_BecomesABlock(string coinName, string network, string kind)
    {
        Assert.True(Coin.TryFind(coinName, out var coin));
        await using var world = await PoolWorld.CreateAsync(coin, startHeight: 144, chain: options => s_kinds[kind](
            options with { Network = coin.GetNetwork(network) with { DifficultyMayExceedNetwork = true } }));
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            var template = world.Chain.GetTemplate();
            var found = await miner.FindAsync(template.PreviousBlock);
            Assert.True((await miner.SubmitAsync(found)).IsAccepted);
            await PoolWorld.UntilAsync(() => world.Submitted.Count == i + 1, "the daemon's answer");
            Assert.Equal((BlockState.Accepted, (string?)null), (world.Submitted.Last().State, world.Submitted.Last().Reason));
            var block = world.Chain.FindBlock(found.Hash)!;
            var unrolled = ~(coin.VersionMask & ~(template.VersionBitsRequired | template.VersionBitsAvailable));
            Assert.Equal(template.Version & unrolled, block.Header.Version & unrolled);
            Assert.Equal(template.Transactions.Count + 1, block.TransactionCount);
            Assert.Equal(template.CoinbaseValue, block.Reward);
        }
    }

    [Fact]
    public async Task Template_OfASignetThatSigns_IsRefusedInWords()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, chain: options => options with
        {
            Network = Coin.Bitcoin.GetNetwork("signet"), SignetChallenge = new byte[] { 0x21, 2, 3, 0xac },
        });
        var starting = world.Pool.StartAsync();
        await PoolWorld.UntilAsync(() => world.DaemonChanges.Any(change => change.Status.Text.Contains("signature")), "the reason");
        Assert.False(starting.IsCompleted);
    }

    [Fact]
    public async Task Outputs_AmountAndShare_ArePaidAndTheRestIsOurs()
    {
        var network = Coin.Bitcoin.GetNetwork("regtest");
        var one = Address.FromPublicKeyHash(Enumerable.Repeat((byte)1, 20).ToArray(), network);
        var two = Address.FromPublicKeyHash(Enumerable.Repeat((byte)2, 20).ToArray(), network);
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, change: options => options with
        {
            Outputs = [RewardOutput.OfAmount(one, 1_2345_6789), RewardOutput.OfPercent(two, 2.5m)],
        });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var value = world.Chain.GetTemplate().CoinbaseValue;
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        var coinbase = Convert.ToHexString(found.Job.Notify.Coinbase2.Span);
        Assert.Contains(Output(value - 1_2345_6789 - (value / 40), new byte[20]), coinbase);
        Assert.Contains(Output(1_2345_6789, Enumerable.Repeat((byte)1, 20)), coinbase);
        Assert.Contains(Output(value / 40, Enumerable.Repeat((byte)2, 20)), coinbase);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.SingleOrDefault()?.Accepted == true, "accepted");

        static string Output(long value, IEnumerable<byte> hash) =>
            Convert.ToHexString([.. BitConverter.GetBytes(value), 0x16, 0x00, 0x14, .. hash]);
    }

    [Fact]
    public async Task Outputs_MoreThanTheReward_RefusedAtTheStartWithTheFigures()
    {
        var one = Address.FromPublicKeyHash(Enumerable.Repeat((byte)1, 20).ToArray(), Coin.Bitcoin.GetNetwork("regtest"));
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, change: options => options with
        {
            Outputs = [RewardOutput.OfAmount(one, 1000_0000_0000)],
        });
        var error = await Assert.ThrowsAsync<ArgumentException>(() => world.Pool.StartAsync().WaitAsync(PoolWorld.Patience));
        Assert.Contains("1000", error.Message);
    }
}
