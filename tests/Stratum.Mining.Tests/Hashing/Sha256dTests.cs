using System.Security.Cryptography;
using Stratum.Testing;

namespace Stratum.Mining.Tests;

public class Sha256dTests
{
    public static TheoryData<bool> Ways => Libcrypto.IsPresent ? [true, false] : [false];

    [Fact]
    public void Hash_HeadersOfRealBlocks_GivesTheirIds()
    {
        Assert.Equal(KnownHeaders.BitcoinGenesisHash, Sha256d.Hash(KnownHeaders.BitcoinGenesis).ToString());
        Assert.Equal(KnownHeaders.Bitcoin125552Hash, Sha256d.Hash(KnownHeaders.Bitcoin125552).ToString());
        var worked = Vectors.Named("V1").GetProperty("result");
        Assert.Equal(
            worked.GetProperty("block_hash").GetString(),
            Sha256d.Hash(Convert.FromHexString(worked.GetProperty("header").GetString()!)).ToString());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Hash_EveryLength_AgreesWithTheFramework(bool native)
    {
        Span<byte> hash = stackalloc byte[32];
        for (var length = 0; length <= 300; length++)
        {
            var data = KnownHeaders.Random(length, length);
            Sha256d.Hash(data, hash, native);
            Assert.Equal(SHA256.HashData(SHA256.HashData(data)), hash.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Hash_FourPieces_AgreesWithTheWhole(bool native)
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var data = KnownHeaders.Random(random.Next(400), round);
            int[] cuts = [random.Next(data.Length + 1), random.Next(data.Length + 1), random.Next(data.Length + 1)];
            Array.Sort(cuts);
            var (a, b, c, d) = (data[..cuts[0]], data[cuts[0]..cuts[1]], data[cuts[1]..cuts[2]], data[cuts[2]..]);
            var hash = Sha256d.Hash(a, b, c, d, native);
            Assert.Equal(SHA256.HashData(SHA256.HashData(data)), hash.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Hash_OntoItsOwnInput_IsTheSame(bool native)
    {
        var data = KnownHeaders.Random(80, 1);
        var expected = Sha256d.Hash(data);
        Sha256d.Hash(data, data, native);
        Assert.Equal(expected, new Hash256(data.AsSpan(0, 32)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Hash_RoomForLessThanAHash_Throws(bool native) =>
        Assert.Throws<ArgumentException>(() => Sha256d.Hash([1], new byte[31], native));

    [Fact]
    public void HashPair_TwoHashes_IsTheHashOfBothInOrder()
    {
        var left = new Hash256(KnownHeaders.Random(32, 1));
        var right = new Hash256(KnownHeaders.Random(32, 2));
        Assert.Equal(Sha256d.Hash([.. left.ToArray(), .. right.ToArray()]), Sha256d.HashPair(left, right));
        Assert.NotEqual(Sha256d.HashPair(right, left), Sha256d.HashPair(left, right));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Hash_Repeated_AllocatesNothing(bool native)
    {
        var data = KnownHeaders.Random(300, 1);
        var hash = new byte[32];
        Assert.Equal(0, Allocated.Least(() =>
        {
            Sha256d.Hash(data, hash, native);
            Sha256d.Hash(data, hash, hash, data, native);
            Sha256d.HashPair(new Hash256(hash), new Hash256(hash));
        }));
    }

    [Fact]
    public void Implementation_SaysWhatIsInUse() =>
        Assert.Equal(Libcrypto.IsPresent ? "sha256d by libcrypto" : "sha256d by the framework", Sha256d.Implementation);
}
