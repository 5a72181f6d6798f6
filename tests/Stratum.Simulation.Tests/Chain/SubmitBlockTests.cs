using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Each rule of the chain by a good block in which one thing was made wrong.</summary>
public sealed class SubmitBlockTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly SimulatedChain _chain;

    public SubmitBlockTests()
    {
        _chain = new SimulatedChain(new SimulatedChainOptions { TimeProvider = _time });
        for (int i = 0; i < 3; i++)
        {
            Assert.NotNull(_chain.GenerateBlock(new byte[] { 0x51 }));
        }
    }

    private BlockDraft Draft => BlockDraft.Of(_chain);

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void SubmitBlock_HashAboveTarget_HighHash()
    {
        var draft = Draft;
        draft.MissTarget = true;
        Rejected(draft, "high-hash");
    }

    [Fact]
    public void SubmitBlock_BitsEasierThanTheLimit_HighHash()
    {
        var draft = Draft;
        draft.Bits = new CompactTarget(0x2100ffff);
        Rejected(draft, "high-hash");
    }

    [Fact]
    public void SubmitBlock_OtherBits_BadDiffbits()
    {
        var draft = Draft;
        draft.Bits = new CompactTarget(0x207ffffe);
        Rejected(draft, "bad-diffbits");
    }

    [Fact]
    public void SubmitBlock_UnknownPrevious_PrevBlkNotFound()
    {
        var draft = Draft;
        draft.Previous = Sha256d.Hash("elsewhere"u8);
        Rejected(draft, "prev-blk-not-found");
    }

    [Fact]
    public void SubmitBlock_TimeOfTheMedian_TimeTooOld()
    {
        var draft = Draft;
        draft.Time = _chain.GetTemplate().MinTime - 1;
        Rejected(draft, "time-too-old");

        draft.Time++;
        Assert.Null(_chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_TimeTwoHoursAhead_TimeTooNew()
    {
        var draft = Draft;
        draft.Time = (uint)_time.GetUtcNow().ToUnixTimeSeconds() + 7201;
        Rejected(draft, "time-too-new");

        draft.Time--;
        Assert.Null(_chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_VersionBeforeBip65_BadVersion()
    {
        var draft = Draft;
        draft.Version = 1;
        Rejected(draft, "bad-version(0x00000001)");
    }

    [Fact]
    public void SubmitBlock_RolledVersion_Accepted()
    {
        var draft = Draft;
        draft.Version |= 0x1fffe000;
        Assert.Null(_chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_OtherMerkleRoot_BadTxnmrklroot()
    {
        var draft = Draft;
        draft.MerkleRoot = Sha256d.Hash("root"u8);
        Rejected(draft, "bad-txnmrklroot");
    }

    [Fact]
    public void SubmitBlock_FirstTransactionSpends_BadCbMissing()
    {
        var draft = Draft;
        var first = draft.Transactions[0];
        draft.Transactions.RemoveAt(0);
        draft.StrippedCoinbase = draft.WholeCoinbase = first.Data.ToArray();
        Rejected(draft, "bad-cb-missing");
    }

    [Fact]
    public void SubmitBlock_TwoCoinbases_BadCbMultiple()
    {
        var draft = Draft;
        byte[] second = BlockDraft.Of(_chain, r => r with { Tag = "/second/" }).StrippedCoinbase;
        var id = Sha256d.Hash(second);
        draft.Transactions.Add(new TemplateTransaction { Data = second, TxId = id, WitnessHash = id });
        Rejected(draft, "bad-cb-multiple");
    }

    [Fact]
    public void SubmitBlock_OtherHeight_BadCbHeight() =>
        Rejected(BlockDraft.Of(_chain, r => r with { Height = r.Height + 1 }), "bad-cb-height");

    [Fact]
    public void SubmitBlock_ScriptSigOf101Bytes_BadCbLength()
    {
        var draft = Draft;
        draft.StrippedCoinbase = Lengthen(draft.StrippedCoinbase, 41, 101);
        draft.WholeCoinbase = Lengthen(draft.WholeCoinbase, 43, 101);
        Rejected(draft, "bad-cb-length");

        draft = Draft;
        draft.StrippedCoinbase = Lengthen(draft.StrippedCoinbase, 41, 100);
        draft.WholeCoinbase = Lengthen(draft.WholeCoinbase, 43, 100);
        Assert.Null(_chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_OneUnitTooMuch_BadCbAmount() => Rejected(BlockDraft.Of(_chain, r => r with
    {
        Outputs = [new CoinbaseOutput(r.Outputs[0].Value + 1, r.Outputs[0].Script)],
    }), "bad-cb-amount");

    [Fact]
    public void SubmitBlock_OutputsThatOverflow_BadCbAmount() => Rejected(BlockDraft.Of(_chain, r => r with
    {
        Outputs = [.. Enumerable.Repeat(new CoinbaseOutput(long.MaxValue, r.Outputs[0].Script), 3)],
    }), "bad-cb-amount");

    [Fact]
    public void SubmitBlock_FeeOfALeftOutTransaction_BadCbAmount()
    {
        var draft = BlockDraft.Of(_chain, r => r with { WitnessCommitment = null });
        draft.Transactions.RemoveRange(1, draft.Transactions.Count - 1);
        Assert.True(draft.Transactions[0].TxId.Equals(draft.Transactions[0].WitnessHash));
        Rejected(draft, "bad-cb-amount");
    }

    [Fact]
    public void SubmitBlock_LessThanAllowed_Accepted()
    {
        var draft = BlockDraft.Of(_chain, r => r with { Outputs = [new CoinbaseOutput(1, r.Outputs[0].Script)] });
        Assert.Null(_chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_CommitmentOfOtherTransactions_BadWitnessMerkleMatch()
    {
        var draft = Draft;
        _chain.AddTransaction();
        draft.Transactions.Add(_chain.GetTemplate().Transactions[^1]);
        Rejected(draft, "bad-witness-merkle-match");
    }

    [Fact]
    public void SubmitBlock_NoCommitment_UnexpectedWitness() =>
        Rejected(BlockDraft.Of(_chain, r => r with { WitnessCommitment = null }), "unexpected-witness");

    [Fact]
    public void SubmitBlock_CoinbaseWithoutItsWitness_NodeAddsIt()
    {
        var draft = Draft;
        byte[] whole = draft.Mine();
        draft.WholeCoinbase = draft.StrippedCoinbase;
        byte[] lean = draft.Mine();
        Assert.Equal(whole.Length - 36, lean.Length);
        Assert.Null(_chain.SubmitBlock(lean));
        Assert.Equal(whole, _chain.Tip.Bytes.ToArray());
    }

    [Fact]
    public void SubmitBlock_ForeignTransaction_InputsMissingorspent()
    {
        using var other = new SimulatedChain(new SimulatedChainOptions { TimeProvider = _time, Seed = 99 });
        var foreign = other.GetTemplate().Transactions[0];
        Assert.Equal(foreign.TxId, foreign.WitnessHash);
        var draft = BlockDraft.Of(_chain, r => r with { WitnessCommitment = null });
        draft.Transactions.Clear();
        draft.Transactions.Add(foreign);
        Rejected(draft, "bad-txns-inputs-missingorspent");
    }

    [Fact]
    public void SubmitBlock_ChildBeforeParent_InputsMissingorspent()
    {
        var template = _chain.GetTemplate();
        TemplateTransaction[] swapped = [template.Transactions[1], template.Transactions[0]];
        var draft = BlockDraft.Of(_chain, r => r with
        {
            WitnessCommitment = WitnessCommitment.Script(swapped.Select(t => t.WitnessHash)),
        });
        draft.Transactions.Clear();
        draft.Transactions.AddRange(swapped);
        Rejected(draft, "bad-txns-inputs-missingorspent");
    }

    [Fact]
    public void SubmitBlock_TransactionOfAnEarlierBlock_InputsMissingorspent()
    {
        var spent = _chain.GetTemplate().Transactions[0];
        Assert.Null(_chain.SubmitBlock(Draft.Mine()));
        byte[] commitment = WitnessCommitment.Script([spent.WitnessHash]);
        var draft = BlockDraft.Of(_chain, r => r with { WitnessCommitment = commitment });
        draft.Transactions.Clear();
        draft.Transactions.Add(spent);
        Rejected(draft, "bad-txns-inputs-missingorspent");
    }

    [Fact]
    public void SubmitBlock_SameAgain_Duplicate()
    {
        byte[] block = Draft.Mine();
        Assert.Null(_chain.SubmitBlock(block));
        Rejected(block, "duplicate");
    }

    [Fact]
    public void SubmitBlock_AnotherOfTheSameHeight_InconclusiveAndOffTheChain()
    {
        byte[] late = BlockDraft.Of(_chain, r => r with { Tag = "/late/" }).Mine();
        Assert.Null(_chain.SubmitBlock(Draft.Mine()));
        Rejected(late, "inconclusive");
        Rejected(late, "duplicate");

        var block = _chain.FindBlock(BlockDecoder.Decode(late, _chain.Coin).Hash);
        Assert.Equal(_chain.Height, block!.Height);
        Assert.Equal(-1, _chain.Confirmations(block));

    }

    [Fact]
    public void SubmitBlock_Condemned_DuplicateInvalidEverAfter()
    {
        byte[] block = BlockDraft.Of(_chain, r => r with { Height = 1000 }).Mine();
        Rejected(block, "bad-cb-height");
        Rejected(block, "duplicate-invalid");
    }

    [Fact]
    public void SubmitBlock_AnyPrefixOrMore_FormatException()
    {
        byte[] block = Draft.Mine();
        for (int length = 0; length < block.Length; length++)
        {
            Assert.Throws<FormatException>(() => { _chain.SubmitBlock(block.AsMemory(0, length)); });
        }

        Assert.Throws<FormatException>(() => { _chain.SubmitBlock((byte[])[.. block, 0]); });
        Assert.Null(_chain.SubmitBlock(block));
    }

    [Fact]
    public void SubmitBlock_RandomBytesChanged_NeverAcceptedNeverAnotherException()
    {
        byte[] good = Draft.Mine();
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] block = [.. good];
            block[random.Next(BlockHeader.Size, block.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                Assert.NotNull(_chain.SubmitBlock(block));
            }
            catch (FormatException)
            {
            }
        }

        Assert.Null(_chain.SubmitBlock(good));
    }

    [Fact]
    public void ProposeBlock_GoodAndWrongOnes_SaysWhatSubmitWouldSayProofOfWorkAside()
    {
        var draft = Draft;
        draft.MissTarget = true;
        Assert.Null(_chain.ProposeBlock(draft.Mine()));
        Assert.Equal("bad-cb-height", _chain.ProposeBlock(BlockDraft.Of(_chain, r => r with { Height = 9 }).Mine()));
        draft.Previous = _chain.FindBlock(1)!.Hash;
        Assert.Equal("inconclusive-not-best-prevblk", _chain.ProposeBlock(draft.Mine()));
        Assert.Equal("duplicate", _chain.ProposeBlock(_chain.Tip.Bytes));
        Assert.Equal(3, _chain.Height);
    }

    private void Rejected(BlockDraft draft, string reason) => Rejected(draft.Mine(), reason);

    private void Rejected(byte[] block, string reason)
    {
        var tip = _chain.Tip;
        Assert.Equal(reason, _chain.SubmitBlock(block));
        Assert.Same(tip, _chain.Tip);
    }

    /// <summary>Fills the input script, whose length stands at that offset, with OP_NOPs.</summary>
    private static byte[] Lengthen(byte[] coinbase, int offset, int length)
    {
        int end = offset + 1 + coinbase[offset];
        return
        [
            .. coinbase[..offset], (byte)length, .. coinbase[(offset + 1)..end],
            .. Enumerable.Repeat((byte)0x61, length - coinbase[offset]), .. coinbase[end..],
        ];
    }
}
