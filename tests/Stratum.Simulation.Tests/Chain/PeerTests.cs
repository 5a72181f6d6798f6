using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Several nodes of one network.</summary>
public sealed class PeerTests : IDisposable
{
    private static readonly byte[] PayTo = [0x51];
    private readonly SimulatedChain _one = new(new SimulatedChainOptions { TimeProvider = new ManualTime() });
    private readonly SimulatedChain _two;

    public PeerTests()
    {
        Assert.NotNull(_one.GenerateBlock(PayTo));
        _two = _one.CreatePeer();
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public void CreatePeer_Blocks_AreThereAndTravelBothWays()
    {
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
        Assert.Equal(_one.FindBlock(0)!.Hash, _two.FindBlock(0)!.Hash);
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.Equal((2, _one.Tip.Hash), (_two.Height, _two.Tip.Hash));
        Assert.Null(_two.SubmitBlock(BlockDraft.Of(_two).Mine()));
        Assert.Equal((3, _two.Tip.Hash), (_one.Height, _one.Tip.Hash));
        Assert.NotEqual(_one.GetTemplate().Transactions[0].TxId, _two.GetTemplate().Transactions[0].TxId);
    }

    [Fact]
    public void SubmitBlock_OfAnothersTemplate_IsGoodEverywhere()
    {
        _one.Isolated = true;
        byte[] block = BlockDraft.Of(_one).Mine();
        Assert.Null(_two.SubmitBlock(block));
        Assert.Equal(1, _one.Height);
        Assert.Null(_one.SubmitBlock(block));
        Assert.Equal(_two.Tip.Hash, _one.Tip.Hash);
    }

    [Fact]
    public void SubmitBlock_KnownThroughThePeer_Duplicate()
    {
        byte[] block = BlockDraft.Of(_one).Mine();
        Assert.Null(_one.SubmitBlock(block));
        Assert.Equal("duplicate", _two.SubmitBlock(block));
    }

    [Fact]
    public void Isolated_Node_LagsAndCatchesUp()
    {
        _two.Isolated = true;
        for (int i = 0; i < 100; i++)
        {
            Assert.NotNull(_one.GenerateBlock(PayTo));
        }

        Assert.Equal(1, _two.Height);
        var heights = new List<long>();
        _two.BlockConnected += block => heights.Add(block.Height);
        _two.Isolated = false;
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
        Assert.Equal(Enumerable.Range(2, 100).Select(h => (long)h), heights);
        Assert.Equal(_two.Tip.Hash, _two.GetTemplate().PreviousBlock);
    }

    [Fact]
    public void Isolated_TwoBranches_LongerOneWinsOnBoth()
    {
        _two.Isolated = true;
        Assert.NotNull(_one.GenerateBlock(PayTo));
        var lost = _one.Tip;
        Assert.NotNull(_two.GenerateBlock(PayTo));
        Assert.NotNull(_two.GenerateBlock(PayTo));
        _two.Isolated = false;
        Assert.Equal((3, _two.Tip.Hash), (_one.Height, _one.Tip.Hash));
        Assert.Equal(-1, _one.Confirmations(lost));
        Assert.Null(_one.SubmitBlock(BlockDraft.Of(_one).Mine()));
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
    }

    [Fact]
    public void Isolated_BranchesOfOneLength_StayUntilTheNextBlock()
    {
        _two.Isolated = true;
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.NotNull(_two.GenerateBlock(PayTo));
        _two.Isolated = false;
        Assert.NotEqual(_one.Tip.Hash, _two.Tip.Hash);
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
    }

    [Fact]
    public void Forget_OnePeer_LearnsTheBlocksWithTheNext()
    {
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.NotNull(_one.GenerateBlock(PayTo));
        _two.Forget(2);
        Assert.Equal(1, _two.Height);
        Assert.Equal(3, _one.Height);
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
    }

    [Fact]
    public void InvalidateBlock_OnePeer_IsNotTalkedIntoItAgain()
    {
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.True(_two.InvalidateBlock(_one.Tip.Hash));
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.Equal((3, 1), (_one.Height, _two.Height));
        Assert.True(_two.ReconsiderBlock(_one.FindBlock(2)!.Hash));
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
    }

    [Fact]
    public async Task SubmitBlock_ManyThreadsOnBothNodes_OneChainInTheEnd()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            var chain = i % 2 == 0 ? _one : _two;
            for (int j = 0; j < 25; j++)
            {
                chain.GenerateBlock(PayTo);
            }
        }, TestContext.Current.CancellationToken)));
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.NotNull(_one.GenerateBlock(PayTo));
        Assert.Equal(_one.Tip.Hash, _two.Tip.Hash);
        for (long height = 0; height <= _one.Height; height++)
        {
            Assert.Equal(_one.FindBlock(height)!.Hash, _two.FindBlock(height)!.Hash);
        }
    }
}
