using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stratum.Mining;

/// <summary>The kernels, and the one for this processor.</summary>
internal static class Sha256dKernels
{
    /// <summary>All that exist; the last runs everywhere.</summary>
    public static IReadOnlyList<ISha256dKernel> All { get; } =
    [
        new Sha256dVectorKernel<Vector512<uint>, Lanes512>(),
        new Sha256dVectorKernel<Vector256<uint>, Lanes256>(),
        new Sha256dVectorKernel<Vector128<uint>, Lanes128>(),
        new Sha256dBlockKernel(native: true),
        new Sha256dBlockKernel(native: false),
    ];

    /// <summary>The fastest here that hashes right.</summary>
    public static ISha256dKernel Best { get; } =
        All.OrderByDescending(Rank).First(kernel => kernel.IsSupported && IsRight(kernel));

    public static NonceScanner CreateScanner() => new Sha256dScanner(Best);

    // Microseconds a nonce on a Zen 4: 0.04 by 16 or 8 lanes with AVX-512's rotations, 0.10 by the SHA instructions
    // through libcrypto, 0.20 by 8 lanes without rotations, 0.35 by 4, 0.5 by either without any of it.
    private static int Rank(ISha256dKernel kernel) => kernel switch
    {
        Sha256dBlockKernel { IsNative: true } => HasShaInstructions() ? 10 : 1,
        Sha256dBlockKernel => 0,
        _ when kernel.Lanes >= 8 && Avx512F.VL.IsSupported => 10 + kernel.Lanes,
        _ => 1 + kernel.Lanes / 4,
    };

    private static bool HasShaInstructions() => X86Base.IsSupported
        ? X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ebx & 1 << 29) != 0
        : System.Runtime.Intrinsics.Arm.Sha256.IsSupported;

    // With a limit that about half of the hashes pass, a wrong word anywhere shows within a few vectors.
    internal static bool IsRight(ISha256dKernel kernel)
    {
        Span<byte> header = stackalloc byte[80];
        for (var i = 0; i < header.Length; i++)
            header[i] = (byte)(i * 151 + 7);
        var work = Sha256dWork.Of(header);
        var plain = new Sha256dBlockKernel(native: false);
        for (uint first = 0xfffffff0; first != 0x40; first += (uint)kernel.Lanes)
        {
            var candidates = kernel.Candidates(work, first, 0x80000000);
            for (var lane = 0; lane < kernel.Lanes; lane++)
            {
                if ((candidates >> lane & 1) != plain.Candidates(work, first + (uint)lane, 0x80000000))
                    return false;
            }
        }
        return true;
    }
}
