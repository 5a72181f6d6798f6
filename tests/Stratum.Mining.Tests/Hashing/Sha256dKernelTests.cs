namespace Stratum.Mining.Tests;

public class Sha256dKernelTests
{
    public static TheoryData<int> Kernels => [.. Enumerable.Range(0, Sha256dKernels.All.Count)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Candidates_ThisProcessorsKernels_AgreeWithThePlainOne(int index)
    {
        var kernel = Sha256dKernels.All[index];
        Assert.SkipUnless(kernel.IsSupported, $"{kernel.Name}: not on this processor.");
        Assert.True(Sha256dKernels.IsRight(kernel));
    }

    [Fact]
    public void IsRight_KernelThatPassesAll_IsFalse() => Assert.False(Sha256dKernels.IsRight(new LaxKernel()));

    [Fact]
    public void Best_IsSupported() => Assert.True(Sha256dKernels.Best.IsSupported);

    [Fact]
    public void Implementation_Scanner_NamesTheKernel() =>
        Assert.Equal(Sha256dKernels.Best.Name, NonceScanner.Create("sha256d").Implementation);

    private sealed class LaxKernel : ISha256dKernel
    {
        public string Name => "lax";

        public int Lanes => 16;

        public bool IsSupported => true;

        public uint Candidates(in Sha256dWork work, uint first, uint limit) => 0xffff;
    }
}
