namespace Stratum.Mining.Tests;

public class BlockTests
{
    public static TheoryData<string, string> Files => RecordedBlock.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void Assemble_RecordedTemplateAndCoinbase_IsTheRecordedBlock(string block, string template)
    {
        var recorded = new RecordedBlock(block, template);
        Assert.Equal(recorded.Bytes, Block.Assemble(recorded.Header, recorded.Coinbase, recorded.Template));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Assemble_EverythingFromTheTemplate_IsTheRecordedBlock(string block, string template)
    {
        var recorded = new RecordedBlock(block, template);
        // The node's own coinbase is height, then a push of 01: an extranonce of one byte.
        var coinbase = CoinbaseBuilder.Build(new CoinbaseRequest
        {
            Height = recorded.Template.Height,
            ExtranonceSize = 1,
            Outputs = [new CoinbaseOutput(recorded.Template.CoinbaseValue, recorded.Outputs[0].Script)],
            WitnessCommitment = recorded.Template.WitnessCommitment,
        });
        var extranonce2 = new Extranonce([1]);
        var root = MerkleBranch.Root(
            Sha256d.Hash(coinbase.Assemble(default, extranonce2, withWitness: false)),
            MerkleBranch.ForCoinbase([.. recorded.Template.Transactions.Select(transaction => transaction.TxId)]));
        var header = new byte[BlockHeader.Size];
        // Time and nonce are the miner's.
        var mined = BlockHeader.Read(recorded.Header);
        new BlockHeader(recorded.Template.Version, recorded.Template.PreviousBlock, root, mined.Time,
            recorded.Template.Bits, mined.Nonce).Write(header);
        var full = coinbase.Assemble(default, extranonce2, withWitness: true);
        Assert.Equal(recorded.Bytes, Block.Assemble(header, full, recorded.Template));
    }

    [Theory]
    [InlineData(0, "01")]
    [InlineData(251, "fc")]
    [InlineData(252, "fdfd00")]
    [InlineData(65534, "fdffff")]
    [InlineData(65535, "fe00000100")]
    public void Assemble_ManyTransactions_CountsThemWithTheCoinbase(int count, string compactSize)
    {
        var transaction = new TemplateTransaction { Data = new byte[] { 0xaa }, TxId = default, WitnessHash = default };
        var template = BlockTemplate.FromJson(Vectors.Json("bitcoin-gbt-h102-empty.json")) with
        {
            Transactions = Enumerable.Repeat(transaction, count).ToList(),
        };
        var block = Block.Assemble(new byte[80], [0xcc], template);
        Assert.Equal(80 + compactSize.Length / 2 + 1 + count, block.Length);
        Assert.StartsWith(compactSize + "cc", Convert.ToHexStringLower(block.AsSpan(80)));
        Assert.Equal(count == 0 ? 0xcc : 0xaa, block[^1]);
    }

    [Fact]
    public void Assemble_Mweb_FollowsAfterOne()
    {
        var template = BlockTemplate.FromJson(Vectors.Json("bitcoin-gbt-h102-empty.json")) with
        {
            Mweb = new byte[] { 0x12, 0x34 },
        };
        var block = Block.Assemble(new byte[80], [0xcc], template);
        Assert.Equal("01cc011234", Convert.ToHexStringLower(block.AsSpan(80)));
    }

    [Theory]
    [InlineData(79)]
    [InlineData(81)]
    public void Assemble_HeaderOfOtherSize_Throws(int size)
    {
        var template = BlockTemplate.FromJson(Vectors.Json("bitcoin-gbt-h102-empty.json"));
        Assert.Throws<ArgumentException>(() => Block.Assemble(new byte[size], [0xcc], template));
    }
}
