using System.Threading.Channels;
using Stratum.Client;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

/// <summary>A pool on a simulated daemon, over HTTP, with a real miner over a socket.</summary>
public class MiningPoolTests
{
    private static readonly TimeSpan s_patience = PoolWorld.Patience;

    [Theory]
    [InlineData("bitcoin", 1)]
    [InlineData("bitcoin", 16)]
    [InlineData("litecoin", 1)]
    public async Task Pool_OnASimulatedDaemon_BlocksAreAcceptedByItsRules(string name, long startHeight)
    {
        Assert.True(Coin.TryFind(name, out var coin));
        await using var world = await PoolWorld.CreateAsync(coin, startHeight);
        var blocks = Channel.CreateUnbounded<PoolBlock>();
        world.Pool.BlockSubmitted += block => blocks.Writer.TryWrite(block);
        await world.Pool.StartAsync();
        var mining = world.MineAsync();
        using var deadline = new CancellationTokenSource(s_patience);
        for (var accepted = 0; accepted < 5;)
        {
            var block = await blocks.Reader.ReadAsync(deadline.Token);
            // A second block of one height is a lost race, nothing else may go wrong.
            Assert.True(block.Accepted || block.Reason == "inconclusive", block.ToString());
            if (!block.Accepted)
                continue;
            Assert.Equal(block.Hash, world.Daemon.Chain.FindBlock(block.Height)!.Hash);
            accepted++;
        }
        await world.StopMiningAsync(mining);
    }

    [Fact]
    public async Task Pool_DaemonDoesNotAnswerTheBlock_OffersItUntilItDoes()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        var submitted = new TaskCompletionSource<PoolBlock>();
        var found = new TaskCompletionSource();
        // Warming up it takes no block; then it is down, and only when it is may it start again.
        var blocks = 0;
        world.Pool.Server.BlockFound += async (_, _) =>
        {
            if (Interlocked.Increment(ref blocks) > 1)
                return;
            await world.Daemon.StopAsync();
            found.TrySetResult();
        };
        // The miner may have found two of one height: the other one loses the race.
        world.Pool.BlockSubmitted += block =>
        {
            if (block.Accepted || block.Reason != "inconclusive")
                submitted.TrySetResult(block);
        };
        await world.Pool.StartAsync();
        world.Daemon.Mood = SimulatedDaemonMood.WarmingUp;
        var mining = world.MineAsync();
        await found.Task.WaitAsync(s_patience);
        await world.StopMiningAsync(mining);
        Assert.False(submitted.Task.IsCompleted);
        world.Daemon.Mood = SimulatedDaemonMood.Normal;
        await world.Daemon.StartAsync();
        Assert.True((await submitted.Task.WaitAsync(s_patience)).Accepted);
    }

    [Fact]
    public async Task Log_ThrowsAlways_ABlockIsFoundToldAndKept()
    {
        using var log = new BrokenLog();
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, change: options => options with { LoggerFactory = log });
        await world.Pool.StartAsync().WaitAsync(s_patience);
        var mining = world.MineAsync();
        await PoolWorld.UntilAsync(() => world.Submitted.Any(block => block.Accepted), "a block");
        await world.StopMiningAsync(mining);
        // What comes anew from the daemon becomes work still.
        var height = world.Chain.Height + 1;
        world.Generate();
        await PoolWorld.UntilAsync(() => world.Pool.Server.Work.Current?.Height > height, "work after it");
        Assert.True(log.Count > 0);
        Assert.Contains(world.Journal, entry => world.Chain.FindBlock(entry.Height)?.Hash == entry.Hash);
    }

    [Fact]
    public async Task Pool_OneTemplateAndOneHandlerFail_TheNextBlocksAreFoundAndTold()
    {
        var calls = 0;
#pragma warning disable STRATUM001 // a coinbase builder that fails once
        var coin = Coin.Bitcoin with
        {
            CoinbaseBuilder = request => ++calls == 4 ? throw new InvalidOperationException("once") : Coin.Bitcoin.CoinbaseBuilder(request),
        };
#pragma warning restore STRATUM001
        await using var world = await PoolWorld.CreateAsync(coin);
        var blocks = Channel.CreateUnbounded<PoolBlock>();
        world.Pool.BlockSubmitted += _ => throw new InvalidOperationException("a handler");
        world.Pool.BlockSubmitted += block => blocks.Writer.TryWrite(block);
        await world.Pool.StartAsync();
        var mining = world.MineAsync();
        using var deadline = new CancellationTokenSource(s_patience);
        for (var accepted = 0; accepted < 3;)
            accepted += (await blocks.Reader.ReadAsync(deadline.Token)).Accepted ? 1 : 0;
        Assert.True(calls > 4);
        await world.StopMiningAsync(mining);
    }

    [Fact]
    public void Pool_DifficultyWhereEveryHashIsAShare_RefusedWithTheFloor()
    {
        var network = Coin.Litecoin.GetNetwork("regtest");
        var error = Assert.Throws<ArgumentException>(() => new MiningPool(new MiningPoolOptions
        {
            Coin = Coin.Litecoin,
            Network = network,
            PayTo = Address.FromPublicKeyHash(new byte[20], network),
            Daemons = [new CoinDaemonOptions { Url = new Uri("http://127.0.0.1:1"), CookieFile = "none", Coin = Coin.Litecoin, Network = network }],
            Server = new StratumServerOptions { Port = 0, Difficulty = new Difficulty(1e-6) },
        }));
        Assert.Contains(Difficulty.Floor(Coin.Litecoin.DifficultyScale).ToString(), error.Message);
    }

    [Fact]
    public void Pool_TagTooLong_IsRefusedWithHowLongItMayBe()
    {
        var network = Coin.Bitcoin.GetNetwork("regtest");
        var error = Assert.Throws<ArgumentException>(() => new MiningPool(new MiningPoolOptions
        {
            Coin = Coin.Bitcoin,
            Network = network,
            PayTo = Address.FromPublicKeyHash(new byte[20], network),
            Tag = new string('x', 90),
            Daemons = [new CoinDaemonOptions { Url = new Uri("http://127.0.0.1:1"), CookieFile = "none", Coin = Coin.Bitcoin, Network = network }],
        }));
        Assert.Contains("the tag may have", error.Message);
    }
}
