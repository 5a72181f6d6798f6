using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Litecoin's extension block: good blocks, and one thing made wrong in each.</summary>
public sealed class MwebTests : IDisposable
{
    private static readonly byte[] PayTo = [0x51];
    private readonly ManualTime _time = new();
    private readonly SimulatedChain _chain;

    public MwebTests()
    {
        _chain = new SimulatedChain(new SimulatedChainOptions
        {
            Coin = Coin.Litecoin,
            MwebHeight = 432,
            StartHeight = 431,
            TimeProvider = _time,
        });
        Assert.NotNull(_chain.GenerateBlock(PayTo));
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void GetTemplate_FromItsHeight_HogExLastAndExtension()
    {
        for (long height = 432; height < 440; height++)
        {
            var template = _chain.GetTemplate();
            var hogEx = template.Transactions[^1];
            Assert.Equal("020000000008", Convert.ToHexStringLower(hogEx.Data.Span[..6]));
            Assert.NotEqual(Sha256d.Hash(hogEx.Data.Span), hogEx.TxId);
            Assert.Equal((hogEx.TxId, 0L, 376L), (hogEx.WitnessHash, hogEx.Fee, hogEx.Weight));
            Assert.NotNull(template.Mweb);
            Assert.Contains("mweb", template.Rules);
            Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain).Mine()));
            Assert.Equal(height, _chain.Height);
            _time.Advance(TimeSpan.FromSeconds(4));
        }
    }

    [Fact]
    public void GetTemplate_BelowItsHeight_HasNone()
    {
        using var chain = new SimulatedChain(_chain.Options with { StartHeight = 430 });
        Assert.Null(chain.GetTemplate().Mweb);
        Assert.DoesNotContain("mweb", chain.GetTemplate().Rules);
        Assert.NotNull(chain.GenerateBlock(PayTo));
        Assert.NotNull(chain.GenerateBlock(PayTo));
        Assert.NotNull(chain.GetTemplate().Mweb);
        Assert.NotNull(chain.GenerateBlock(PayTo));
    }

    [Fact]
    public void GetTemplate_MempoolChanges_ExtensionOfTheOlderOneIsGoodToo()
    {
        var before = _chain.GetTemplate();
        _chain.AddTransaction();
        var after = _chain.GetTemplate();
        Assert.False(before.Mweb!.Value.Span.SequenceEqual(after.Mweb!.Value.Span));
        Assert.NotEqual(before.Transactions[^1].TxId, after.Transactions[^1].TxId);
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain.Coin, before).Mine()));
    }

    [Fact]
    public void SubmitBlock_WithoutExtension_CannotBeDecoded()
    {
        var draft = BlockDraft.Of(_chain);
        draft.Mweb = null;
        byte[] block = draft.Mine();
        Assert.Throws<FormatException>(() => { _chain.SubmitBlock(block); });
        Assert.Equal("mweb-missing", _chain.SubmitBlock((byte[])[.. block, 0]));
    }

    [Fact]
    public void SubmitBlock_AnyPrefixOrOtherExtension_Refused()
    {
        byte[] block = BlockDraft.Of(_chain).Mine();
        for (int length = 0; length < block.Length; length++)
        {
            Assert.Throws<FormatException>(() => { _chain.SubmitBlock(block.AsMemory(0, length)); });
        }

        Assert.Equal("bad-blk-mweb", _chain.SubmitBlock((byte[])[.. block, 0]));
        int start = block.Length - _chain.GetTemplate().Mweb!.Value.Length;
        Assert.Equal(1, block[start - 1]);
        block[start + 10] ^= 1;
        Assert.Equal("mweb-hash-mismatch", _chain.SubmitBlock(block));

        // Wrong bytes beside the block do not condemn the block itself.
        block[start + 10] ^= 1;
        Assert.Null(_chain.SubmitBlock(block));
    }

    [Fact]
    public void SubmitBlock_ExtensionOfAnotherTemplate_Refused()
    {
        var draft = BlockDraft.Of(_chain);
        _chain.AddTransaction();
        draft.Mweb = _chain.GetTemplate().Mweb;
        Assert.Equal("mweb-hash-mismatch", _chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_NoHogEx_WordOfTheRealOne()
    {
        var draft = BlockDraft.Of(_chain);
        draft.Transactions.RemoveAt(draft.Transactions.Count - 1);
        Assert.Equal("bad-witness-merkle-match", _chain.SubmitBlock(draft.Mine()));

        draft = BlockDraft.Of(_chain, r => r with { WitnessCommitment = WitnessCommitment.Script([]) });
        draft.Transactions.Clear();
        Assert.Equal("mweb-missing", _chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_HogExNotLast_CannotBeDecodedOrRefused()
    {
        var template = _chain.GetTemplate();
        TemplateTransaction[] moved = [template.Transactions[^1], .. template.Transactions.SkipLast(1)];
        var draft = BlockDraft.Of(_chain, r => r with
        {
            WitnessCommitment = WitnessCommitment.Script(moved.Select(t => t.WitnessHash)),
        });
        draft.Transactions.Clear();
        draft.Transactions.AddRange(moved);
        Assert.Equal("mweb-missing", _chain.SubmitBlock(draft.Mine()));
        Assert.Equal(431, _chain.Height);
    }

    [Fact]
    public void SubmitBlock_HogExByTheHashOfItsData_BadTxnmrklroot()
    {
        var draft = BlockDraft.Of(_chain);
        draft.Transactions[^1] = draft.Transactions[^1] with { TxId = Sha256d.Hash(draft.Transactions[^1].Data.Span) };
        Assert.Equal("bad-txnmrklroot", _chain.SubmitBlock(draft.Mine()));
    }

    [Fact]
    public void SubmitBlock_BranchWithItsOwnHogEx_IsFollowed()
    {
        var template = _chain.GetTemplate();
        byte[] late = BlockDraft.Of(_chain.Coin, template, r => r with { Tag = "/late/" }).Mine();
        Assert.Null(_chain.SubmitBlock(BlockDraft.Of(_chain).Mine()));
        Assert.Equal("inconclusive", _chain.SubmitBlock(late));
        var first = _chain.Tip;
        Assert.True(_chain.InvalidateBlock(first.Hash));
        Assert.NotNull(_chain.GenerateBlock(PayTo));
        Assert.Equal(BlockDecoder.Decode(late, _chain.Coin).Hash, _chain.Tip.Header.PreviousBlock);
    }

    [Fact]
    public void Decode_RecordedBlock_HasHogExExtensionAndItsMerkleRoot()
    {
        byte[] bytes = Convert.FromHexString(File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Data", "litecoin-block-h432-first-mweb.hex")).Trim());
        var block = BlockDecoder.Decode(bytes, Coin.Litecoin);
        Assert.NotNull(block.HogEx);
        Assert.Equal("13aacf73eb2d5264575d61f03d916f427944063cb5b1cd4e353a4ff40e83d732", block.HogEx.TxId.ToString());
        Assert.StartsWith("823001", Convert.ToHexStringLower(block.Mweb!.Value.Span), StringComparison.Ordinal);
        Assert.Equal(block.Header.MerkleRoot, MerkleBranch.RootOf([.. block.Transactions.Select(t => t.TxId)]));
        Assert.Throws<FormatException>(() => BlockDecoder.Decode(bytes, Coin.Bitcoin));
    }
}
