using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Simulation;

namespace Stratum.Pool.Tests;

/// <summary>Several daemons under one pool.</summary>
public class SeveralDaemonsTests
{
    [Fact]
    public async Task Block_Found_IsOfferedToAll()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, daemons: 3);
        await StartWithAllAsync(world);
        foreach (var daemon in world.Daemons)
            daemon.Chain.Isolated = true;
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        foreach (var daemon in world.Daemons)
            await PoolWorld.UntilAsync(() => daemon.Chain.Tip.Hash == found.Hash, "the block in each chain");
        await PoolWorld.UntilAsync(() => world.Submitted.SingleOrDefault()?.Accepted == true, "told once");
    }

    [Theory]
    [InlineData(SimulatedDaemonMood.Hanging)]
    [InlineData(SimulatedDaemonMood.WarmingUp)]
    [InlineData(SimulatedDaemonMood.Syncing)]
    [InlineData(SimulatedDaemonMood.NoPeers)]
    [InlineData(null)]
    public async Task Current_Fails_TheOtherGivesWorkAndMinersStay(SimulatedDaemonMood? mood)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, daemons: 2);
        await StartWithAllAsync(world);
        await using var miner = await world.ConnectAsync();
        if (mood is { } how)
            world.Daemon.Mood = how;
        else
            await world.Daemon.StopAsync();
        world.Daemon.Chain.Isolated = true;
        world.Generate(daemon: 1);
        var found = await miner.FindAsync(world.Daemons[1].Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Daemons[1].Chain.Tip.Hash == found.Hash, "the block in the other's chain");
        await PoolWorld.UntilAsync(() => world.DaemonChanges.Any(change =>
            change.IsCurrent && change.Daemon == world.Pool.Daemons[1]), "the other one is current");

        // It comes back, lags, and gets the block that it has not heard of.
        world.Daemon.Chain.Isolated = false;
        if (mood is null)
            await world.Daemon.StartAsync();
        else
            world.Daemon.Mood = SimulatedDaemonMood.Normal;
        await PoolWorld.UntilAsync(() => world.Chain.Tip.Hash == found.Hash, "both chains agree");
    }

    [Fact]
    public async Task Refused_ByOneAndTakenByTheOther_IsAccepted()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, daemons: 2);
        world.Daemon.BlockRefusal = new SimulatedRefusal("rejected");
        await StartWithAllAsync(world);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Pool.OpenBlocks.SingleOrDefault()?.State == BlockState.Accepted, "accepted");
    }

    [Fact]
    public async Task Refused_ByAll_IsClosedWithTheWord()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, daemons: 2);
        foreach (var daemon in world.Daemons)
            daemon.BlockRefusal = new SimulatedRefusal("bad-cb-amount");
        await StartWithAllAsync(world);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        await miner.SubmitAsync(found);
        await PoolWorld.UntilAsync(() => world.Pool.OpenBlocks.Count == 0 && !world.Submitted.IsEmpty, "closed");
        await PoolWorld.UntilAsync(() => !world.Journal.Single().IsOpen, "closed in the journal");
        Assert.Equal((BlockState.Refused, "bad-cb-amount"), (world.Journal.Single().State, world.Journal.Single().Reason));
        Assert.Equal("bad-cb-amount", Assert.Single(world.Submitted).Reason);
    }

    [Fact]
    public async Task Daemon_OfAnotherChain_IsNeverUsedAndBothAreNamed()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        using var other = new SimulatedChain(new SimulatedChainOptions { Network = Coin.Bitcoin.GetNetwork("testnet") });
        await using var stranger = new SimulatedDaemon(other);
        await stranger.StartAsync();
        await using var pool = new MiningPool(Options(world, world.Daemon, stranger));
        var changes = new System.Collections.Concurrent.ConcurrentQueue<DaemonChange>();
        pool.DaemonChanged += changes.Enqueue;
        await pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await PoolWorld.UntilAsync(() => changes.Any(change => change.Status.State == DaemonState.WrongChain), "the stranger is told");
        var text = changes.First(change => change.Status.State == DaemonState.WrongChain).Status.Text;
        Assert.Contains("test", text);
        Assert.Contains("regtest", text);
        Assert.DoesNotContain(changes, change => change.IsCurrent && change.Daemon == pool.Daemons[1]);
    }

    [Fact]
    public async Task Daemons_AllOfAnotherChain_FailsToStartWithBothNamed()
    {
        using var chain = new SimulatedChain(new SimulatedChainOptions { Coin = Coin.Litecoin });
        await using var daemon = new SimulatedDaemon(chain);
        await daemon.StartAsync();
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await using var pool = new MiningPool(Options(world, daemon));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => pool.StartAsync().WaitAsync(PoolWorld.Patience));
        Assert.Contains("litecoin", error.Message);
        Assert.Contains("bitcoin regtest", error.Message);
    }

    private static async Task StartWithAllAsync(PoolWorld world)
    {
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await PoolWorld.UntilAsync(() => world.Pool.Daemons.All(daemon => daemon.Status.IsReady), "all daemons are ready");
    }

    private static MiningPoolOptions Options(PoolWorld world, params SimulatedDaemon[] daemons) => new()
    {
        Coin = Coin.Bitcoin,
        Network = world.Chain.Network,
        PayTo = Address.FromPublicKeyHash(new byte[20], world.Chain.Network),
        Daemons = [.. daemons.Select(daemon => new CoinDaemonOptions
        {
            Url = daemon.Url, CookieFile = daemon.CookieFile, Coin = Coin.Bitcoin, Network = world.Chain.Network,
        })],
        Server = new Server.StratumServerOptions { Port = 0, Difficulty = new Difficulty(1e-7) },
    };
}
