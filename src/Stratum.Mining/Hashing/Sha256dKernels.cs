using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stratum.Mining;

/// <summary>The kernels, and the one for this processor.</summary>
internal static class Sha256dKernels
{
    /// <summary>Fastest first, as expected here; the last runs everywhere.</summary>
    public static IReadOnlyList<ISha256dKernel> All { get; } =
    [
        .. new ISha256dKernel[]
        {
            new Sha256dVectorKernel<Vector512<uint>, Lanes512>(),
            new Sha256dVectorKernel<Vector256<uint>, Lanes256>(),
            new Sha256dVectorKernel<Vector128<uint>, Lanes128>(),
            new Sha256dBlockKernel(native: true),
            new Sha256dBlockKernel(native: false),
        }.OrderByDescending(Rank),
    ];

    /// <summary>The fastest here that hashes right.</summary>
    public static ISha256dKernel Best { get; } = KernelChoice.Choose(All, IsRight);

    /// <summary>Whether the processor has instructions for SHA-256, which libcrypto uses.</summary>
    public static bool HasShaInstructions => X86Base.IsSupported
        ? X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ebx & 1 << 29) != 0
        : System.Runtime.Intrinsics.Arm.Sha256.IsSupported;

    public static NonceScanner CreateScanner() => new Sha256dScanner(Best);

    public static IEnumerable<HashKernel> Describe() =>
        KernelChoice.Describe(All, IsRight, static kernel => new Sha256dScanner(kernel));

    // Microseconds a nonce on a Zen 4: 0.04 by 16 or 8 lanes with AVX-512's rotations and 0.09 by 4, 0.10 by the SHA
    // instructions through libcrypto, 0.20 by 8 lanes without rotations, 0.35 by 4, 0.5 by either without any of it.
    private static int Rank(ISha256dKernel kernel) => kernel switch
    {
        Sha256dBlockKernel { IsNative: true } => HasShaInstructions ? 10 : 1,
        Sha256dBlockKernel => 0,
        _ when Avx512F.VL.IsSupported => 10 + kernel.Lanes,
        _ => 1 + kernel.Lanes / 4,
    };

    // The top word of every hash is found as the limit that just lets it through, so that all of its bits count, and with
    // it every word before: none can be wrong without changing it.
    internal static bool IsRight(ISha256dKernel kernel)
    {
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        Span<byte> hash = stackalloc byte[Hash256.Size];
        for (var i = 0; i < header.Length; i++)
            header[i] = (byte)(i * 151 + 7);
        var work = Sha256dWork.Of(header);
        for (uint first = 0xfffffff0; first != 0x10; first += (uint)kernel.Lanes)
        {
            for (var lane = 0; lane < kernel.Lanes; lane++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(header[76..], first + (uint)lane);
                Sha256d.Hash(header, hash, native: false);
                var top = BinaryPrimitives.ReadUInt32LittleEndian(hash[28..]);
                if (!Passes(kernel, work, first, lane, top) || top != 0 && Passes(kernel, work, first, lane, top - 1))
                    return false;
            }
        }
        return true;
    }

    private static bool Passes(ISha256dKernel kernel, in Sha256dWork work, uint first, int lane, uint limit) =>
        (kernel.Candidates(work, first, limit) >> lane & 1) != 0;
}
