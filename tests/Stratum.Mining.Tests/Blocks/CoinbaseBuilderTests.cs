using System.Globalization;
using System.Text;

namespace Stratum.Mining.Tests;

public class CoinbaseBuilderTests
{
    private static readonly Extranonce s_extranonce1 = new([0xe1, 0xe1, 0xe1, 0xe1]);
    private static readonly Extranonce s_extranonce2 = new([0xe2, 0xe2, 0xe2, 0xe2, 0xe2, 0xe2, 0xe2, 0xe2]);
    private static readonly byte[] s_commitment = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed, .. new byte[32]];

    public static TheoryData<long, string> Heights()
    {
        var heights = new TheoryData<long, string>();
        foreach (var row in Vectors.Worked.GetProperty("bip34").EnumerateObject())
            heights.Add(long.Parse(row.Name, CultureInfo.InvariantCulture), row.Value.GetString()!);
        return heights;
    }

    [Theory]
    [MemberData(nameof(Heights))]
    public void Bip34Height_WorkedVector_IsMinimal(long height, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(CoinbaseBuilder.Bip34Height(height)));

    [Fact]
    public void Bip34Height_OneToSixteen_IsAnOpcode()
    {
        for (var height = 1; height <= 16; height++)
            Assert.Equal([(byte)(0x50 + height)], CoinbaseBuilder.Bip34Height(height));
        Assert.Equal([0x00], CoinbaseBuilder.Bip34Height(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CoinbaseBuilder.Bip34Height(-1));
    }

    [Fact]
    public void Build_Everything_IsLaidOutAsDocumented()
    {
        var coinbase = CoinbaseBuilder.Build(Request() with
        {
            Aux = new byte[] { 0xa1, 0xa2 },
            Salt = new byte[] { 0x5a },
            Tag = "/tag/",
            Outputs = [new CoinbaseOutput(5000, new byte[] { 0x51 }), new CoinbaseOutput(1, new byte[] { 0x52, 0x53 })],
            WitnessCommitment = s_commitment,
        });
        var input = "01" + new string('0', 64) + "ffffffff" + "1a"
            + "03a08601" + "a1a2" + "015a" + "0c" + "e1e1e1e1e2e2e2e2e2e2e2e2" + "2f7461672f" + "ffffffff";
        var outputs = "03" + "8813000000000000" + "0151" + "0100000000000000" + "025253"
            + "0000000000000000" + "26" + Convert.ToHexStringLower(s_commitment);
        Assert.Equal(
            "02000000" + input + outputs + "00000000",
            Convert.ToHexStringLower(coinbase.Assemble(s_extranonce1, s_extranonce2, withWitness: false)));
        Assert.Equal(
            "02000000" + "0001" + input + outputs + "0120" + new string('0', 64) + "00000000",
            Convert.ToHexStringLower(coinbase.Assemble(s_extranonce1, s_extranonce2, withWitness: true)));
        Assert.EndsWith("015a0c", Convert.ToHexStringLower(coinbase.Part1.Span));
        Assert.StartsWith("2f7461672fffffffff03", Convert.ToHexStringLower(coinbase.Part2.Span));
        Assert.True(coinbase.HasWitness);
        Assert.Equal(12, coinbase.ExtranonceSize);
    }

    [Fact]
    public void Build_Bip54Fields_AreWritten()
    {
        var coinbase = CoinbaseBuilder.Build(Request() with
        {
            TransactionVersion = 1,
            Sequence = 0xfffffffe,
            LockTime = 99_999,
        });
        var text = Convert.ToHexStringLower(coinbase.Assemble(s_extranonce1, s_extranonce2, withWitness: false));
        Assert.StartsWith("01000000", text);
        Assert.Contains("e2e2feffffff01", text);
        Assert.EndsWith("9f860100", text);
        Assert.False(coinbase.HasWitness);
    }

    [Theory]
    [MemberData(nameof(RecordedBlock.Files), MemberType = typeof(RecordedBlock))]
    public void Build_HeightOfARecordedBlock_BeginsAsTheNodesScript(string block, string template)
    {
        var recorded = new RecordedBlock(block, template);
        var height = CoinbaseBuilder.Bip34Height(recorded.Template.Height);
        Assert.Equal(height, recorded.ScriptSig[..height.Length]);
        Assert.Equal(recorded.Template.CoinbaseValue, recorded.Outputs[0].Value);
        Assert.Equal(recorded.Template.WitnessCommitment!.Value.ToArray(), recorded.Outputs[^1].Script.ToArray());
    }

    [Fact]
    public void Build_TagOfEveryLength_FitsOrNamesTheLongest()
    {
        // 100 bytes: height 4, push and extranonce 13, so that 83 are left.
        for (var length = 0; length <= 120; length++)
        {
            var request = Request() with { Tag = new string('t', length) };
            if (length <= 83)
            {
                // Behind version, number of inputs and previous output.
                Assert.Equal(17 + length, CoinbaseBuilder.Build(request).Part1.Span[41]);
            }
            else
            {
                var error = Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(request));
                Assert.Contains($"the tag may have 83 bytes, not {length}", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Build_TagNotAscii_CountsBytes()
    {
        var tag = string.Concat(Enumerable.Repeat("\u20bf", 28));
        var error = Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(Request() with { Tag = tag }));
        Assert.Contains($"not {Encoding.UTF8.GetByteCount(tag)}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_TooLongWithoutTag_SaysSo()
    {
        var request = Request() with { Aux = new byte[90] };
        var error = Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(request));
        Assert.Contains("even without a tag it is 7 too long", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(76)]
    public void Build_ExtranonceThatCannotBePushed_Throws(int size) =>
        Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(Request() with { ExtranonceSize = size }));

    [Fact]
    public void Build_SaltThatCannotBePushed_Throws() =>
        Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(Request() with { Salt = new byte[76] }));

    [Fact]
    public void Build_NoOutputOrANegativeOne_Throws()
    {
        Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(Request() with { Outputs = [] }));
        var request = Request() with { Outputs = [new CoinbaseOutput(-1, new byte[] { 0x51 })] };
        var error = Assert.Throws<ArgumentException>(() => CoinbaseBuilder.Build(request));
        Assert.Contains("-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ManyOutputs_CountsThem()
    {
        var outputs = Enumerable.Range(0, 300).Select(i => new CoinbaseOutput(i, new byte[] { 0x51 })).ToList();
        var part2 = CoinbaseBuilder.Build(Request() with { Outputs = outputs }).Part2.Span;
        Assert.StartsWith("fffffffffd2c01", Convert.ToHexStringLower(part2));
        Assert.Equal(4 + 3 + 300 * 10 + 4, part2.Length);
    }

    [Theory]
    [InlineData(3, 8)]
    [InlineData(4, 9)]
    [InlineData(0, 0)]
    public void Assemble_ExtranonceOfOtherSize_Throws(int size1, int size2)
    {
        var coinbase = CoinbaseBuilder.Build(Request());
        var error = Assert.Throws<ArgumentException>(() => coinbase.Assemble(
            Extranonce.FromUInt64(1, size1), Extranonce.FromUInt64(1, size2), withWitness: false));
        Assert.Contains($"12 bytes of extranonce, not {size1} + {size2}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assemble_OtherSplitOfTheSameBytes_IsTheSame()
    {
        var coinbase = CoinbaseBuilder.Build(Request());
        Assert.Equal(
            coinbase.Assemble(new Extranonce([1, 2, 3, 4]), new Extranonce([5, 6, 7, 8, 9, 10, 11, 12]), true),
            coinbase.Assemble(new Extranonce([1, 2]), new Extranonce([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), true));
    }

    private static CoinbaseRequest Request() => new()
    {
        Height = 100_000,
        Outputs = [new CoinbaseOutput(5_000_000_000, new byte[] { 0x51 })],
    };
}
