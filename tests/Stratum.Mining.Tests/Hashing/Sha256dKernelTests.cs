namespace Stratum.Mining.Tests;

public class Sha256dKernelTests
{
    public static TheoryData<int> Kernels => [.. Enumerable.Range(0, Sha256dKernels.All.Count)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void IsRight_ThisProcessorsKernels_IsTrue(int index)
    {
        var kernel = Sha256dKernels.All[index];
        Assert.SkipUnless(kernel.IsSupported, $"{kernel.Name}: not on this processor.");
        Assert.True(Sha256dKernels.IsRight(kernel));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Candidates_RandomHeaders_AreThePlainKernels(int index)
    {
        var kernel = Sha256dKernels.All[index];
        Assert.SkipUnless(kernel.IsSupported, $"{kernel.Name}: not on this processor.");
        for (var seed = 0; seed < 50; seed++)
        {
            var work = Sha256dWork.Of(KnownHeaders.Random(80, seed));
            var first = (uint)seed * 0x9E3779B9;
            var candidates = kernel.Candidates(work, first, 0x40000000);
            for (var lane = 0; lane < kernel.Lanes; lane++)
                Assert.Equal(new Sha256dBlockKernel(native: false).Candidates(work, first + (uint)lane, 0x40000000),
                    candidates >> lane & 1);
        }
    }

    [Fact]
    public void IsRight_KernelThatPassesAll_IsFalse() =>
        Assert.False(Sha256dKernels.IsRight(new WrongSha256d(_ => 0xffff)));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(15)]
    public void IsRight_KernelWithOneWrongLane_IsFalse(int lane) =>
        Assert.False(Sha256dKernels.IsRight(new WrongSha256d(candidates => candidates & ~(1u << lane))));

    [Fact]
    public void IsRight_KernelThatIgnoresTheLimitsLastBit_IsFalse() =>
        Assert.False(Sha256dKernels.IsRight(new WrongSha256d(candidates => candidates) { LimitMask = 1 }));

    [Fact]
    public void IsRight_TheKernelThatTheWrongOnesAreMadeFrom_IsTrue() =>
        Assert.True(Sha256dKernels.IsRight(new WrongSha256d(candidates => candidates)));

    [Fact]
    public void Choose_FastestHashesWrong_TakesTheNext()
    {
        var wrong = new WrongSha256d(candidates => candidates & 0x7fff);
        var plain = new Sha256dBlockKernel(native: false);
        Assert.Same(plain, KernelChoice.Choose<ISha256dKernel>([wrong, plain], Sha256dKernels.IsRight));
    }

    [Fact]
    public void Best_IsTheFirstThatRunsHere() =>
        Assert.Same(Sha256dKernels.All.First(kernel => kernel.IsSupported), Sha256dKernels.Best);

    [Fact]
    public void All_TheLast_IsThePlainOne() => Assert.Equal("sha256d, plain", Sha256dKernels.All[^1].Name);

    [Fact]
    public void Implementation_Scanner_NamesTheKernel() =>
        Assert.Equal(Sha256dKernels.Best.Name, NonceScanner.Create("sha256d").Implementation);
}
