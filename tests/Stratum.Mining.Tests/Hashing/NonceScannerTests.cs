using System.Buffers.Binary;
using Stratum.Testing;

namespace Stratum.Mining.Tests;

public class NonceScannerTests
{
    /// <summary>Kernels by place, sha256d's and then scrypt's.</summary>
    public static TheoryData<string, int> Kernels
    {
        get
        {
            var kernels = new TheoryData<string, int>();
            for (var i = 0; i < Sha256dKernels.All.Count; i++)
                kernels.Add("sha256d", i);
            for (var i = 0; i < ScryptKernels.All.Count; i++)
                kernels.Add("scrypt", i);
            return kernels;
        }
    }

    [Theory]
    [InlineData("sha256d")]
    [InlineData("scrypt")]
    public void TryScan_RealBlock_FindsItsNonce(string algorithm)
    {
        (byte[] header, uint expected) = algorithm == "scrypt"
            ? (KnownHeaders.LitecoinGenesis, 2084524493u)
            : (KnownHeaders.Bitcoin125552, 2504433986u);
        var target = BlockHeader.Read(header).Bits.ToTarget();
        header.AsSpan(76).Clear();
        var scanner = NonceScanner.Create(algorithm);
        Assert.True(scanner.TryScan(header, expected - 37, 1000, target, out var nonce, out var scanned));
        Assert.Equal(expected, nonce);
        Assert.Equal(38u, scanned);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryScan_RandomHeadersAndTargets_FindsWhatThePlainLoopFinds(string algorithm, int kernel)
    {
        var scanner = Scanner(algorithm, kernel);
        var random = new Random(7);
        var (rounds, length) = algorithm == "scrypt" ? (4, 30u) : (40, 700u);
        for (var round = 0; round < rounds; round++)
        {
            var header = KnownHeaders.Random(BlockHeader.Size, round);
            var start = (uint)random.NextInt64(uint.MaxValue - length);
            var count = (uint)random.Next((int)length);
            // Of 2 to 64 hashes one is found, so that several are in one vector too.
            var target = Easy(random.Next(1, algorithm == "scrypt" ? 3 : 7), random);
            var expected = Plain(algorithm, header, start, start + count, target);
            Assert.Equal(expected, All(scanner, header, start, count, target));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryScan_TargetIsExactlyAHash_FindsItAndOneLessDoesNot(string algorithm, int kernel)
    {
        var scanner = Scanner(algorithm, kernel);
        var header = KnownHeaders.Random(BlockHeader.Size, 3);
        var hashes = Enumerable.Range(0, 20).Select(nonce => Hash(algorithm, header, (uint)nonce)).ToArray();
        var best = hashes.Min();
        var exact = Target.Parse(best.ToString());
        Assert.True(scanner.TryScan(header, 0, 20, exact, out var nonce, out var scanned));
        Assert.Equal(Array.IndexOf(hashes, best), (int)nonce);
        Assert.Equal(nonce + 1, scanned);
        var less = Target.FromBigInteger(exact.ToBigInteger() - 1);
        Assert.False(scanner.TryScan(header, 0, 20, less, out _, out scanned));
        Assert.Equal(20u, scanned);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryScan_EndOfTheRange_DoesNotWrap(string algorithm, int kernel)
    {
        var scanner = Scanner(algorithm, kernel);
        var header = KnownHeaders.Random(BlockHeader.Size, 4);
        foreach (var tail in (uint[])[0, 1, 2, 6, 15, 20])
        {
            var start = uint.MaxValue - tail;
            Assert.False(scanner.TryScan(header, start, uint.MaxValue, Target.Zero, out var nonce, out var scanned));
            Assert.Equal(0u, nonce);
            Assert.Equal(tail + 1, scanned);
        }
        Assert.True(scanner.TryScan(header, uint.MaxValue, uint.MaxValue, Target.Max, out var last, out var one));
        Assert.Equal((uint.MaxValue, 1u), (last, one));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryScan_CountOfZero_TriesNothing(string algorithm, int kernel)
    {
        var scanner = Scanner(algorithm, kernel);
        Assert.False(scanner.TryScan(KnownHeaders.Random(80, 5), 9, 0, Target.Max, out var nonce, out var scanned));
        Assert.Equal((0u, 0u), (nonce, scanned));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TryScan_CountThatIsNoMultipleOfTheLanes_EndsThere(string algorithm, int kernel)
    {
        var scanner = Scanner(algorithm, kernel);
        var header = KnownHeaders.Random(BlockHeader.Size, 6);
        var hashes = Enumerable.Range(0, 24).Select(nonce => Hash(algorithm, header, (uint)nonce)).ToArray();
        var best = Array.IndexOf(hashes, hashes.Min());
        var target = Target.Parse(hashes[best].ToString());
        Assert.False(scanner.TryScan(header, 0, (uint)best, target, out _, out var scanned));
        Assert.Equal((uint)best, scanned);
        Assert.True(scanner.TryScan(header, 0, (uint)best + 1, target, out var nonce, out scanned));
        Assert.Equal(((uint)best, (uint)best + 1), (nonce, scanned));
    }

    [Theory]
    [InlineData("sha256d", 4000u)]
    [InlineData("scrypt", 8u)]
    public void TryScan_Repeated_AllocatesNothing(string algorithm, uint count)
    {
        var scanner = NonceScanner.Create(algorithm);
        var header = KnownHeaders.Random(BlockHeader.Size, 1);
        Assert.Equal(0, Allocated.Least(() => scanner.TryScan(header, 0, count, Target.Zero, out _, out _)));
    }

    [Fact]
    public void TryScan_HeaderOfAnotherSize_Throws()
    {
        var scanner = NonceScanner.Create("sha256d");
        Assert.Throws<ArgumentException>(() => scanner.TryScan(new byte[79], 0, 1, Target.Max, out _, out _));
    }

    [Fact]
    public void Create_UnknownAlgorithm_NamesItAndTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => NonceScanner.Create("x11"));
        Assert.Contains("'x11'", error.Message, StringComparison.Ordinal);
        Assert.Contains("sha256d and scrypt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FunctionOfOnesOwn_ScansWithIt()
    {
        // "Hash": the nonce itself, so that nonces up to the target meet it.
        var scanner = NonceScanner.Create((data, hash) =>
        {
            hash.Clear();
            data[76..].CopyTo(hash);
        });
        var target = Target.Parse("7".PadLeft(64, '0'));
        Assert.True(scanner.TryScan(new byte[80], 5, 10, target, out var nonce, out var scanned));
        Assert.Equal((5u, 1u), (nonce, scanned));
        Assert.False(scanner.TryScan(new byte[80], 8, 10, target, out _, out scanned));
        Assert.Equal(10u, scanned);
    }

    private static NonceScanner Scanner(string algorithm, int kernel)
    {
        if (algorithm == "scrypt")
        {
            var mixing = ScryptKernels.All[kernel];
            Assert.SkipUnless(mixing.IsSupported, $"{mixing.Name}: not on this processor.");
            return new ScryptScanner(mixing);
        }
        var hashing = Sha256dKernels.All[kernel];
        Assert.SkipUnless(hashing.IsSupported, $"{hashing.Name}: not on this processor.");
        return new Sha256dScanner(hashing);
    }

    private static Target Easy(int bits, Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        bytes[0] = (byte)(0xff >> bits);
        return Target.FromBytesBigEndian(bytes);
    }

    private static List<uint> All(NonceScanner scanner, byte[] header, uint start, uint count, Target target)
    {
        var found = new List<uint>();
        while (count > 0)
        {
            if (scanner.TryScan(header, start, count, target, out var nonce, out var scanned))
                found.Add(nonce);
            start += scanned;
            count -= scanned;
        }
        return found;
    }

    private static List<uint> Plain(string algorithm, byte[] header, uint start, uint end, Target target)
    {
        var found = new List<uint>();
        for (var nonce = start; nonce < end; nonce++)
        {
            if (target.IsMetBy(Hash(algorithm, header, nonce)))
                found.Add(nonce);
        }
        return found;
    }

    private static Hash256 Hash(string algorithm, byte[] header, uint nonce)
    {
        var hash = new byte[32];
        var copy = header.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(76), nonce);
        if (algorithm == "scrypt")
            OpenSsl.Scrypt(copy, hash);
        else
            System.Security.Cryptography.SHA256.HashData(System.Security.Cryptography.SHA256.HashData(copy), hash);
        return new Hash256(hash);
    }
}
