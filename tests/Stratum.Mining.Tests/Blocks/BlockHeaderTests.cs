using System.Globalization;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Mining.Tests;

public class BlockHeaderTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (var vector in Vectors.Worked.GetProperty("vectors").EnumerateArray())
            names.Add(vector.GetProperty("name").GetString()!);
        return names;
    }

    // The whole way of a share by the numbers alone: coinbase, merkle root, version bits, header.
    [Theory]
    [MemberData(nameof(Names))]
    public void Write_WorkedVector_IsItsHeader(string name)
    {
        var vector = Vectors.Named(name);
        var (notify, submit) = (vector.GetProperty("notify"), vector.GetProperty("submit"));
        var result = vector.GetProperty("result");
        var coinbase = new Coinbase(
            Convert.FromHexString(Text(notify[2])), Convert.FromHexString(Text(notify[3])),
            (vector.GetProperty("extranonce1").GetString()!.Length + Text(submit[2]).Length) / 2, hasWitness: false)
            .Assemble(Nonce(vector.GetProperty("extranonce1")), Nonce(submit[2]), withWitness: false);
        Assert.Equal(Text(result.GetProperty("coinbase")), Convert.ToHexStringLower(coinbase));
        Assert.Equal(Text(result.GetProperty("coinbase_txid")), Sha256d.Hash(coinbase).ToString());

        Hash256[] branch =
            [.. notify[4].EnumerateArray().Select(entry => new Hash256(Convert.FromHexString(Text(entry))))];
        var root = MerkleBranch.Root(Sha256d.Hash(coinbase), branch);
        Assert.Equal(Text(result.GetProperty("merkle_root_display")), root.ToString());
        Assert.Equal(Text(result.GetProperty("merkle_root_header_order")), Convert.ToHexStringLower(root.ToArray()));

        var version = Number(notify[5]);
        if (vector.TryGetProperty("mask", out var mask))
            version = (version & ~Number(mask)) | Number(submit[5]);
        // On the wire: eight groups of the display form in reverse order (reference C.1).
        var previous = string.Concat(Text(notify[1]).Chunk(8).Reverse().Select(group => new string(group)));
        var header = new byte[BlockHeader.Size];
        new BlockHeader(version, Hash256.Parse(previous), root, Number(submit[3]),
            new CompactTarget(Number(notify[6])), Number(submit[4])).Write(header);
        Assert.Equal(Text(result.GetProperty("header")), Convert.ToHexStringLower(header));
        Assert.Equal(Text(result.GetProperty("block_hash")), Sha256d.Hash(header).ToString());

        if (result.TryGetProperty("pow_hash_display", out var expected))
        {
            var hash = new byte[32];
            (Text(vector.GetProperty("algo")) == "scrypt" ? Coin.Litecoin : Coin.Bitcoin).ProofOfWork(header, hash);
            Assert.Equal(Text(expected), new Hash256(hash).ToString());
            var target = new CompactTarget(Number(notify[6])).ToTarget();
            Assert.Equal(Text(result.GetProperty("network_target")), target.ToString());
            Assert.Equal(result.GetProperty("is_block").GetBoolean(), target.IsMetBy(new Hash256(hash)));
        }
    }

    [Theory]
    [MemberData(nameof(RecordedBlock.Files), MemberType = typeof(RecordedBlock))]
    public void Read_RecordedBlock_HoldsTheTemplatesFields(string block, string template)
    {
        var recorded = new RecordedBlock(block, template);
        var header = BlockHeader.Read(recorded.Header);
        Assert.Equal(recorded.Template.Version, header.Version);
        Assert.Equal(recorded.Template.PreviousBlock, header.PreviousBlock);
        Assert.InRange(header.Time, recorded.Template.CurTime, recorded.Template.CurTime + 60);
        Assert.Equal(recorded.Template.Bits, header.Bits);
        var again = new byte[80];
        header.Write(again);
        Assert.Equal(recorded.Header, again);
    }

    [Fact]
    public void Read_TooShort_Throws() => Assert.Throws<ArgumentException>(() => BlockHeader.Read(new byte[79]));

    [Fact]
    public void Write_TooShort_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => default(BlockHeader).Write(new byte[79]));

    [Fact]
    public void WriteAndRoot_Called_AllocateNothing()
    {
        var branch = Enumerable.Range(1, 12).Select(i => Hash256.Parse($"{i:x64}")).ToArray();
        var destination = new byte[80];
        Assert.Equal(0, Allocated.Least(Use));

        void Use()
        {
            var root = MerkleBranch.Root(branch[0], branch);
            new BlockHeader(1, branch[1], root, 2, new CompactTarget(3), 4).Write(destination);
            BlockHeader.Read(destination);
        }
    }

    private static string Text(JsonElement element) => element.GetString()!;

    private static uint Number(JsonElement element) =>
        uint.Parse(Text(element), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Extranonce Nonce(JsonElement element) => new(Convert.FromHexString(Text(element)));
}
