using Stratum.Mining;

namespace Stratum.Simulation.Tests;

public class BlockDecoderTests
{
    [Theory]
    [InlineData("bitcoin-block-h102-tx.hex", "bitcoin", 5)]
    [InlineData("litecoin-block-h102-pre-mweb-3tx.hex", "litecoin", 4)]
    public void Decode_RecordedBlock_MerkleRootAndCommitmentAreItsOwn(string file, string coin, int transactions)
    {
        Assert.True(Coin.TryFind(coin, out var found));
        byte[] bytes = Convert.FromHexString(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", file)).Trim());
        var block = BlockDecoder.Decode(bytes, found!);
        Assert.Equal(transactions, block.Transactions.Count);
        Assert.Equal(block.Header.MerkleRoot, MerkleBranch.RootOf([.. block.Transactions.Select(t => t.TxId)]));
        Assert.Equal(block.Commitment.Span[6..].ToArray(), WitnessCommitment.Hash(
            block.Transactions.Skip(1).Select(t => t.WitnessHash), block.Coinbase.Inputs[0].Witness[0].Span));
        Assert.True(block.Coinbase.IsCoinbase);
        Assert.True(block.Coinbase.Inputs[0].Script.Span.StartsWith(CoinbaseBuilder.Bip34Height(102)));
        Assert.Same(block, block.WithReservedValue());
    }

    // A count without transactions, one that is not canonical, one beyond the bytes, a flag that nobody knows.
    [Theory]
    [InlineData("01")]
    [InlineData("fd0100")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("0101000000000200")]
    public void Decode_OddBody_FormatException(string body)
    {
        byte[] bytes = [.. new byte[BlockHeader.Size], .. Convert.FromHexString(body)];
        Assert.Throws<FormatException>(() => BlockDecoder.Decode(bytes, Coin.Bitcoin));
    }

    [Fact]
    public void Decode_NoTransactions_IsABlockForTheRulesToRefuse()
    {
        using var chain = new SimulatedChain();
        byte[] bytes = new byte[BlockHeader.Size + 1];
        Assert.Empty(BlockDecoder.Decode(bytes, chain.Coin).Transactions);
        Assert.NotNull(chain.ProposeBlock(bytes));
        Assert.NotNull(chain.SubmitBlock(bytes));
    }
}
