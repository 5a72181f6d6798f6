using Stratum.Testing;

namespace Stratum.Mining.Tests;

public class ScryptTests
{
    public static TheoryData<int> Kernels => [.. Enumerable.Range(0, ScryptKernels.All.Count)];

    [Fact]
    public void Hash_HeadersOfRealBlocks_GivesTheirProofOfWork()
    {
        Assert.Equal(KnownHeaders.LitecoinGenesisHash, Hash(KnownHeaders.LitecoinGenesis).ToString());
        foreach (var name in (string[])["V2", "V3"])
        {
            var worked = Vectors.Named(name).GetProperty("result");
            var header = Convert.FromHexString(worked.GetProperty("header").GetString()!);
            Assert.Equal(worked.GetProperty("pow_hash_display").GetString(), Hash(header).ToString());
        }
    }

    [Fact]
    public void Hash_RandomHeaders_AgreesWithOpenSsl()
    {
        Span<byte> expected = stackalloc byte[32];
        for (var seed = 0; seed < 50; seed++)
        {
            var header = KnownHeaders.Random(80, seed);
            OpenSsl.Scrypt(header, expected);
            Assert.Equal(new Hash256(expected), Hash(header));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(80)]
    [InlineData(112)]
    [InlineData(300)]
    public void Hash_OtherLengths_AgreesWithOpenSsl(int length)
    {
        Span<byte> expected = stackalloc byte[32];
        var data = KnownHeaders.Random(length, length);
        OpenSsl.Scrypt(data, expected);
        Assert.Equal(new Hash256(expected), Hash(data));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Hash_WithoutLibcrypto_IsTheSame(int index)
    {
        var kernel = ScryptKernels.All[index];
        Assert.SkipUnless(kernel.IsSupported, $"{kernel.Name}: not on this processor.");
        var hash = new byte[32];
        Scrypt.Hash(KnownHeaders.LitecoinGenesis, hash, kernel, new ScryptMemory(kernel.Lanes), native: false);
        Assert.Equal(KnownHeaders.LitecoinGenesisHash, new Hash256(hash).ToString());
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Mix_EveryLane_AgreesWithThePlainKernel(int index)
    {
        var kernel = ScryptKernels.All[index];
        Assert.SkipUnless(kernel.IsSupported, $"{kernel.Name}: not on this processor.");
        Assert.True(ScryptKernels.IsRight(kernel));
    }

    [Fact]
    public void IsRight_KernelThatLeavesALaneOut_IsFalse() => Assert.False(ScryptKernels.IsRight(new HalfKernel()));

    [Fact]
    public void Choose_FastestLeavesALaneOut_TakesTheNext()
    {
        var plain = new ScryptPlainKernel();
        Assert.Same(plain, KernelChoice.Choose<IScryptKernel>([new HalfKernel(), plain], ScryptKernels.IsRight));
    }

    [Fact]
    public void Best_IsTheFirstThatRunsHere()
    {
        Assert.Same(ScryptKernels.All.First(kernel => kernel.IsSupported), ScryptKernels.Best);
        Assert.Same(ScryptKernels.All.First(kernel => kernel is { IsSupported: true, Lanes: 1 }), ScryptKernels.Single);
    }

    [Fact]
    public async Task Hash_ManyThreadsAtOnce_DoNotDisturbEachOther()
    {
        var headers = Enumerable.Range(0, 16).Select(seed => KnownHeaders.Random(80, seed)).ToArray();
        var alone = headers.Select(Hash).ToArray();
        var together = await Task.WhenAll(headers.Select(header => Task.Run(() => Hash(header))));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Hash_Repeated_AllocatesNothing()
    {
        var header = KnownHeaders.LitecoinGenesis;
        var hash = new byte[32];
        // The first makes this thread's scratch memory.
        Assert.Equal(0, Allocated.Least(() => Scrypt.Hash(header, hash)));
    }

    [Fact]
    public void Hash_RoomForLessThanAHash_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => Scrypt.Hash(KnownHeaders.LitecoinGenesis, new byte[31]));

    private static Hash256 Hash(byte[] data)
    {
        var hash = new byte[32];
        Scrypt.Hash(data, hash);
        return new Hash256(hash);
    }

    private sealed class HalfKernel : IScryptKernel
    {
        public string Name => "half";

        public int Lanes => 2;

        public bool IsSupported => true;

        public string Strength => "none";

        public void Mix(ScryptMemory memory) => new ScryptPlainKernel().Mix(memory);
    }
}
