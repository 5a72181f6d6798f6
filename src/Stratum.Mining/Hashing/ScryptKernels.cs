using System.Runtime.Intrinsics;

namespace Stratum.Mining;

/// <summary>The kernels, and those for this processor.</summary>
internal static class ScryptKernels
{
    /// <summary>Fastest first; the last runs everywhere.</summary>
    public static IReadOnlyList<IScryptKernel> All { get; } =
    [
        new ScryptVectorKernel<Vector512<uint>, Lanes512>(),
        new ScryptVectorKernel<Vector256<uint>, Lanes256>(),
        new ScryptVectorKernel<Vector128<uint>, Lanes128>(),
        new ScryptPlainKernel(),
    ];

    /// <summary>For a scanner: the most hashes a second.</summary>
    public static IScryptKernel Best { get; } = KernelChoice.Choose(All, IsRight);

    /// <summary>For one hash: the soonest done.</summary>
    public static IScryptKernel Single { get; } = KernelChoice.Choose(All.Where(kernel => kernel.Lanes == 1), IsRight);

    public static NonceScanner CreateScanner() => new ScryptScanner(Best);

    public static IEnumerable<HashKernel> Describe() =>
        KernelChoice.Describe(All, IsRight, static kernel => new ScryptScanner(kernel));

    // Each lane mixes another block; they are compared with the plain kernel's.
    internal static unsafe bool IsRight(IScryptKernel kernel)
    {
        var memory = new ScryptMemory(kernel.Lanes);
        var mixed = new Span<uint>(memory.Blocks, kernel.Lanes * ScryptMemory.RowWords);
        Fill(mixed);
        kernel.Mix(memory);
        var plainMemory = new ScryptMemory(1);
        Span<uint> filled = stackalloc uint[mixed.Length];
        Fill(filled);
        for (var at = 0; at < mixed.Length; at += ScryptMemory.RowWords)
        {
            var plain = new Span<uint>(plainMemory.Blocks, ScryptMemory.RowWords);
            filled.Slice(at, ScryptMemory.RowWords).CopyTo(plain);
            new ScryptPlainKernel().Mix(plainMemory);
            if (!mixed.Slice(at, ScryptMemory.RowWords).SequenceEqual(plain))
                return false;
        }
        return true;
    }

    private static void Fill(Span<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = (uint)(i + 1) * 0x9E3779B9;
    }
}
