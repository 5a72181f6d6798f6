using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Blocks beside the chain, and a chain that goes back.</summary>
public sealed class BranchTests : IDisposable
{
    private static readonly byte[] PayTo = [0x51];
    private readonly SimulatedChain _chain;
    private readonly List<string> _events = [];

    public BranchTests()
    {
        _chain = new SimulatedChain(new SimulatedChainOptions { TimeProvider = new ManualTime() });
        for (int i = 0; i < 3; i++)
        {
            Assert.NotNull(_chain.GenerateBlock(PayTo));
        }

        _chain.BlockConnected += block => _events.Add("+" + block.Hash);
        _chain.BlockDisconnected += block => _events.Add("-" + block.Hash);
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void SubmitBlock_ChildOfALostRace_ItsBranchIsFollowed()
    {
        var template = _chain.GetTemplate();
        byte[] late = Draft(template, "late").Mine();
        Assert.Null(_chain.SubmitBlock(Draft(template, "first").Mine()));
        Assert.Equal("inconclusive", _chain.SubmitBlock(late));
        var first = _chain.Tip;
        var lost = _chain.FindBlock(IdOf(late))!;
        Assert.Equal((1, -1), (_chain.Confirmations(first), _chain.Confirmations(lost)));

        _events.Clear();
        var child = Draft(_chain.GetTemplate(), "child");
        child.Previous = lost.Hash;
        Assert.Null(_chain.SubmitBlock(child.Mine()));
        Assert.Equal(lost.Hash, _chain.Tip.Header.PreviousBlock);
        Assert.Equal((-1, 2), (_chain.Confirmations(first), _chain.Confirmations(lost)));
        Assert.Equal(["-" + first.Hash, "+" + lost.Hash, "+" + _chain.Tip.Hash], _events);
        Assert.Same(lost, _chain.FindBlock(4));

        // Templates follow, and what comes for the fallen block does not bring it back.
        Assert.Equal(_chain.Tip.Hash, _chain.GetTemplate().PreviousBlock);
        Assert.Equal("duplicate", _chain.SubmitBlock(first.Bytes));
        Assert.NotNull(_chain.GenerateBlock(PayTo));
        Assert.Equal(6, _chain.Height);
    }

    [Fact]
    public void SubmitBlock_LongerBranchWithoutTheTransactions_TheyReturnToTheMempool()
    {
        var template = _chain.GetTemplate();
        byte[] empty = Empty(template).Mine();
        Assert.Null(_chain.SubmitBlock(Draft(template, "full").Mine()));
        Assert.Equal("inconclusive", _chain.SubmitBlock(empty));
        var above = Empty(_chain.GetTemplate());
        above.Previous = IdOf(empty);
        Assert.Null(_chain.SubmitBlock(above.Mine()));

        var after = _chain.GetTemplate();
        var ids = after.Transactions.Select(t => t.TxId).ToArray();
        Assert.Subset(ids.ToHashSet(), template.Transactions.Select(t => t.TxId).ToHashSet());
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain).Mine()));
    }

    [Fact]
    public void SubmitBlock_BranchThatBreaksARuleAtItsEnd_ChainStaysAndTheRuleIsTold()
    {
        var template = _chain.GetTemplate();
        byte[] late = Draft(template, "late").Mine();
        Assert.Null(_chain.SubmitBlock(Draft(template, "first").Mine()));
        Assert.Equal("inconclusive", _chain.SubmitBlock(late));
        var tip = _chain.Tip;
        var greedy = BlockDraft.Of(_chain, r => r with { Outputs = [new CoinbaseOutput(long.MaxValue, PayTo)] });
        greedy.Previous = IdOf(late);
        byte[] block = greedy.Mine();
        Assert.Equal("bad-cb-amount", _chain.SubmitBlock(block));
        Assert.Same(tip, _chain.Tip);
        Assert.Equal(1, _chain.Confirmations(tip));
        Assert.Equal("duplicate-invalid", _chain.SubmitBlock(block));
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain).Mine()));
    }

    [Fact]
    public void SubmitBlock_SpentOnTheOtherBranchOnly_IsGoodOnThisOne()
    {
        var template = _chain.GetTemplate();
        byte[] late = Draft(template, "late").Mine();
        Assert.Null(_chain.SubmitBlock(Draft(template, "first").Mine()));
        _chain.SubmitBlock(late);

        // The branch confirmed these once: a second time is a spend of what is gone.
        var again = BlockDraft.Of(_chain.Coin, template, r => r with { Height = 5 });
        again.Previous = IdOf(late);
        Assert.Equal("bad-txns-inputs-missingorspent", _chain.SubmitBlock(again.Mine()));
        Assert.Equal(4, _chain.Height);
    }

    [Fact]
    public void InvalidateBlock_Tip_GoesBackAndReconsiderReturns()
    {
        var tip = _chain.Tip;
        var before = _chain.GetTemplate();
        Assert.True(_chain.InvalidateBlock(tip.Hash));
        Assert.Equal(2, _chain.Height);
        Assert.Equal(-1, _chain.Confirmations(tip));
        Assert.NotNull(_chain.FindBlock(tip.Hash));
        var template = _chain.GetTemplate();
        Assert.Equal((3, _chain.Tip.Hash), (template.Height, template.PreviousBlock));
        Assert.NotEqual(before.LongPollId, template.LongPollId);
        Assert.Equal("duplicate-invalid", _chain.SubmitBlock(tip.Bytes));
        Assert.Equal("bad-prevblk", _chain.SubmitBlock(BlockDraft.Of(_chain.Coin, before).Mine()));

        Assert.True(_chain.ReconsiderBlock(tip.Hash));
        Assert.Equal(tip.Hash, _chain.Tip.Hash);
        Assert.Equal(["-" + tip.Hash, "+" + tip.Hash], _events);
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain.Coin, before).Mine()));
    }

    [Fact]
    public void InvalidateBlock_BlockBelow_AnotherBranchOfThatHeightIsFollowed()
    {
        var template = _chain.GetTemplate();
        byte[] late = Draft(template, "late").Mine();
        Assert.Null(_chain.SubmitBlock(Draft(template, "first").Mine()));
        var first = _chain.Tip;
        Assert.Equal("inconclusive", _chain.SubmitBlock(late));
        Assert.NotNull(_chain.GenerateBlock(PayTo));
        var second = _chain.Tip;
        Assert.True(_chain.InvalidateBlock(first.Hash));
        Assert.Equal(IdOf(late), _chain.Tip.Hash);

        // A block of its own above it; then the old branch, reconsidered, is of one length and came first, but loses.
        Assert.NotNull(_chain.GenerateBlock(PayTo));
        Assert.NotNull(_chain.GenerateBlock(PayTo));
        Assert.True(_chain.ReconsiderBlock(second.Hash));
        Assert.Equal(6, _chain.Height);
        Assert.Equal(-1, _chain.Confirmations(second));
    }

    [Fact]
    public void InvalidateBlock_UnknownOrFirst_False()
    {
        Assert.False(_chain.InvalidateBlock(Sha256d.Hash("nobody"u8)));
        Assert.False(_chain.InvalidateBlock(_chain.FindBlock(0)!.Hash));
        Assert.False(_chain.ReconsiderBlock(Sha256d.Hash("nobody"u8)));
        Assert.True(_chain.ReconsiderBlock(_chain.Tip.Hash));
        Assert.Equal(3, _chain.Height);
    }

    [Fact]
    public void InvalidateBlock_TransactionsOfTheBlock_ReturnToTheMempool()
    {
        var confirmed = _chain.GetTemplate().Transactions.Select(t => t.TxId).ToHashSet();
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain).Mine()));
        Assert.True(_chain.InvalidateBlock(_chain.Tip.Hash));
        Assert.Subset(_chain.GetTemplate().Transactions.Select(t => t.TxId).ToHashSet(), confirmed);
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain, r => r with { Tag = "/again/" }).Mine()));
    }

    [Fact]
    public void Forget_LastBlocks_AreUnknownAndMaySubmittedAgain()
    {
        var lost = new[] { _chain.FindBlock(2)!, _chain.FindBlock(3)! };
        _chain.Forget(2);
        Assert.Equal(1, _chain.Height);
        Assert.All(lost, block => Assert.Null(_chain.FindBlock(block.Hash)));
        Assert.Equal(2, _chain.GetTemplate().Height);
        Assert.Equal("prev-blk-not-found", _chain.SubmitBlock(lost[1].Bytes));
        Assert.Null(_chain.SubmitBlock(lost[0].Bytes));
        Assert.Null(_chain.SubmitBlock(lost[1].Bytes));
        Assert.Equal(lost[1].Hash, _chain.Tip.Hash);
        Assert.Equal("duplicate", _chain.SubmitBlock(lost[1].Bytes));
    }

    [Fact]
    public void Forget_MoreThanThereAre_FirstBlockStays()
    {
        _chain.Forget(100);
        Assert.Equal(0, _chain.Height);
        Assert.NotNull(_chain.GenerateBlock(PayTo));
        Assert.Throws<ArgumentOutOfRangeException>(() => _chain.Forget(-1));
    }

    private Hash256 IdOf(byte[] block) => BlockDecoder.Decode(block, _chain.Coin).Hash;

    private BlockDraft Draft(BlockTemplate template, string tag) =>
        BlockDraft.Of(_chain.Coin, template, r => r with { Tag = $"/{tag}/" });

    private BlockDraft Empty(BlockTemplate template)
    {
        var draft = BlockDraft.Of(_chain.Coin, template, r => r with
        {
            Outputs = [new CoinbaseOutput(_chain.Options.Subsidy, PayTo)],
            WitnessCommitment = WitnessCommitment.Script([]),
        });
        draft.Transactions.Clear();
        return draft;
    }
}
