namespace Stratum.Mining.Tests;

public class HashKernelTests
{
    [Theory]
    [InlineData("sha256d")]
    [InlineData("scrypt")]
    public void Of_Algorithm_HasOneChosenAndItIsTheScanners(string algorithm)
    {
        var kernels = HashKernel.Of(algorithm);
        var chosen = Assert.Single(kernels, kernel => kernel.Role == HashKernelRole.Chosen);
        Assert.Equal(NonceScanner.Create(algorithm).Implementation, chosen.Name);
        Assert.DoesNotContain(kernels, kernel => kernel.Role == HashKernelRole.Refused);
        Assert.All(kernels, kernel => Assert.NotEmpty(kernel.Reason));
    }

    [Theory]
    [InlineData("sha256d")]
    [InlineData("scrypt")]
    public void CreateScanner_EveryUsableOne_FindsTheSameNonce(string algorithm)
    {
        var header = algorithm == "scrypt" ? KnownHeaders.LitecoinGenesis : KnownHeaders.Bitcoin125552;
        var nonce = algorithm == "scrypt" ? 2084524493u : 2504433986u;
        var target = BlockHeader.Read(header).Bits.ToTarget();
        foreach (var kernel in HashKernel.Of(algorithm).Where(kernel => kernel.IsUsable))
        {
            Assert.True(kernel.CreateScanner().TryScan(header, nonce - 5, 20, target, out var found, out _), kernel.Name);
            Assert.Equal(nonce, found);
        }
    }

    [Fact]
    public void Of_UnknownAlgorithm_Throws() =>
        Assert.Contains("'x11'", Assert.Throws<ArgumentException>(() => HashKernel.Of("x11")).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_Baselines_AreOfAnotherAuthor()
    {
        OpenSsl.Scrypt([1], stackalloc byte[32]); // skips where there is no libcrypto
        Assert.Equal(2, HashKernel.Of("sha256d").Count(kernel => kernel.Role == HashKernelRole.Baseline));
        Assert.Equal("OpenSSL's scrypt", HashKernel.Of("scrypt")[^1].Name);
    }

    [Fact]
    public void Describe_FastestHashesWrong_IsRefusedAndCannotBeUsed()
    {
        var plain = new Sha256dBlockKernel(native: false);
        var described = KernelChoice.Describe<ISha256dKernel>(
            [new WrongSha256d(candidates => candidates & 0x7fff), plain, plain], Sha256dKernels.IsRight,
            kernel => new Sha256dScanner(kernel)).ToList();
        Assert.Equal([HashKernelRole.Refused, HashKernelRole.Chosen, HashKernelRole.Usable], described.Select(kernel => kernel.Role));
        var error = Assert.Throws<InvalidOperationException>(() => described[0].CreateScanner());
        Assert.Contains("otherwise than the plain version", error.Message, StringComparison.Ordinal);
        Assert.Equal("sha256d, plain", described[1].CreateScanner().Implementation);
    }

    [Fact]
    public void Describe_KernelThatDoesNotRunHere_IsNotEvenTried()
    {
        var described = KernelChoice.Describe(
            [new Absent()], _ => throw new InvalidOperationException("It was tried."), _ => NonceScanner.Create("sha256d"));
        var kernel = Assert.Single(described);
        Assert.Equal(HashKernelRole.Unsupported, kernel.Role);
        Assert.Throws<InvalidOperationException>(kernel.CreateScanner);
    }

    private sealed class Absent : IHashKernel
    {
        public string Name => "absent";

        public int Lanes => 64;

        public bool IsSupported => false;

        public string Strength => "none";
    }
}
