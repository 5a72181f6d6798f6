using Stratum.Mining;
using Stratum.Simulation;

namespace Stratum.Pool.Tests;

/// <summary>What becomes of found blocks while daemons and pool come and go.</summary>
public class BlockLifeTests
{
    [Fact]
    public async Task Block_Accepted_WrittenBeforeItIsToldAndDeepAfterSix()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        bool? inJournal = null;
        world.Pool.BlockSubmitted += block => inJournal = world.Journal.Any(entry => entry.Hash == block.Hash);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        Assert.Contains(world.Journal, entry => entry.Hash == found.Hash);
        // This handler is behind the one that counts.
        await PoolWorld.UntilAsync(() => inJournal is not null, "the daemon's answer");
        Assert.True(inJournal);
        Assert.Equal(BlockState.Accepted, world.Submitted.Single().State);
        Assert.Equal(found.Hash, world.Chain.Tip.Hash);

        world.Generate(4);
        await PoolWorld.UntilAsync(() => world.Journal[0].Confirmations == 5, "five deep in the journal");
        Assert.True(world.Journal[0].IsOpen);
        Assert.Empty(world.Changed);
        world.Generate();
        await PoolWorld.UntilAsync(() => world.Changed.Count == 1, "six deep");
        Assert.Equal((BlockState.Deep, 6), (world.Changed.Single().State, world.Changed.Single().Confirmations));
        Assert.Empty(world.Pool.OpenBlocks);
        Assert.False(world.Journal.Single().IsOpen);
    }

    [Fact]
    public async Task Block_FoundTwice_IsOneBlock()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        Assert.False((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "the daemon's answer");
        world.Generate(6);
        await PoolWorld.UntilAsync(() => world.Changed.Count == 1, "six deep");
        Assert.Single(world.Submitted);
        Assert.Single(world.Journal);
    }

    [Theory]
    [InlineData(SimulatedDaemonMood.WarmingUp)]
    [InlineData(SimulatedDaemonMood.Overloaded)]
    [InlineData(SimulatedDaemonMood.Hanging)]
    public async Task Block_DaemonGivesNoAnswer_SentWhenItDoes(SimulatedDaemonMood mood)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        world.Daemon.Mood = mood;
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        Assert.Contains(world.Journal, entry => entry.Hash == found.Hash);
        // In the other moods it reads no call.
        if (mood == SimulatedDaemonMood.WarmingUp)
            await PoolWorld.UntilAsync(() => world.Daemon.CallCount("submitblock") > 0, "the block's first call");
        Assert.Empty(world.Submitted);
        world.Daemon.Mood = SimulatedDaemonMood.Normal;
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "the daemon's answer");
        Assert.Equal(BlockState.Accepted, world.Submitted.Single().State);
        Assert.Equal(found.Hash, world.Chain.Tip.Hash);
    }

    [Fact]
    public async Task Block_FoundWhileTheDaemonIsDown_SentAfterItsRestart()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        await world.Daemon.StopAsync();
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        Assert.True(miner.IsConnected, "miners stay");
        await world.Daemon.StartAsync();
        await PoolWorld.UntilAsync(() => world.Chain.Tip.Hash == found.Hash, "the block in the chain");
        await miner.FindAsync(found.Hash);
    }

    [Fact]
    public async Task Blocks_PoolEndsWithoutAnAnswer_TheNextOneSendsThemInTheOrderOfHeights()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        BlockFinder.Found[] found = new BlockFinder.Found[3];
        await using (var miner = await world.ConnectAsync())
        {
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = await miner.FindAsync(world.Chain.Tip.Hash);
                Assert.True((await miner.SubmitAsync(found[i])).IsAccepted);
                await PoolWorld.UntilAsync(() => world.Submitted.Count == i + 1, "the daemon's answer");
            }
        }
        // The daemon is killed and forgets all three; then the pool ends.
        await world.Daemon.StopAsync();
        await world.Pool.DisposeAsync();
        world.Chain.Forget(3);
        Assert.Null(world.Chain.FindBlock(found[0].Hash));
        await world.Daemon.StartAsync();
        world.NewPool();
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await PoolWorld.UntilAsync(() => world.Chain.Tip.Hash == found[2].Hash, "all three in the chain again");
        Assert.Equal(3, world.Submitted.Count);
    }

    [Fact]
    public async Task Blocks_DaemonForgetsThemAfterItAccepted_OfferedAgainWhenItIsBack()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var first = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(first)).IsAccepted);
        var second = await miner.FindAsync(first.Hash);
        Assert.True((await miner.SubmitAsync(second)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.Count(block => block.Accepted) == 2, "both accepted");

        await world.Daemon.StopAsync();
        world.Chain.Forget(2);
        await PoolWorld.UntilAsync(() => world.DaemonChanges.Any(change => !change.Status.IsReady), "the pool notices");
        await world.Daemon.StartAsync();
        await PoolWorld.UntilAsync(() => world.Chain.Tip.Hash == second.Hash, "both in the chain again");
    }

    [Fact]
    public async Task Block_LostRace_ToldAndClosedWhenTheOtherIsDeep()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        world.Generate();
        await miner.SubmitAsync(found);
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "the daemon's answer");
        Assert.Equal((BlockState.LostRace, "inconclusive"), (world.Submitted.Single().State, world.Submitted.Single().Reason));
        Assert.False(world.Submitted.Single().Accepted);
        world.Generate(5);
        await PoolWorld.UntilAsync(() => world.Pool.OpenBlocks.Count == 0, "the race is over");
        Assert.Equal((BlockState.LostRace, false), (world.Journal.Single().State, world.Journal.Single().IsOpen));
    }

    [Fact]
    public async Task Block_FallsOutOfTheChainAndComesBack_ToldEachTime()
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync();
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "accepted");
        var parent = found.Job.Notify.PreviousBlock;

        // Back below it: miners get work on its parent at once, though the height is the same as before.
        world.Chain.InvalidateBlock(found.Hash);
        await miner.FindAsync(parent);
        world.Generate(2);
        await PoolWorld.UntilAsync(() => world.Changed.Any(block => block.State == BlockState.Orphaned), "orphaned");
        Assert.Contains(world.Pool.OpenBlocks, block => block.Hash == found.Hash);

        world.Chain.InvalidateBlock(world.Chain.FindBlock(world.Submitted.Single().Height)!.Hash);
        world.Chain.ReconsiderBlock(found.Hash);
        await PoolWorld.UntilAsync(() => world.Changed.LastOrDefault()?.State == BlockState.Accepted, "accepted again");
        world.Generate(5);
        await PoolWorld.UntilAsync(() => world.Changed.Last().State == BlockState.Deep, "deep");
    }
}
