using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Stratum.Mining;

/// <summary>A nonce in every word of a vector.</summary>
internal sealed unsafe class Sha256dVectorKernel<TVector, TLanes> : ISha256dKernel
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    public string Name => $"sha256d, {Lanes} lanes";

    public int Lanes => TLanes.Count;

    public bool IsSupported => TLanes.IsSupported;

    public string Strength => Avx512F.VL.IsSupported
        ? "the most lanes, and AVX-512 rotates all of them at once"
        : Sha256dKernels.HasShaInstructions ? "libcrypto is not here" : "no SHA instructions here, and these are the most lanes";

    [SkipLocalsInit]
    public uint Candidates(in Sha256dWork work, uint first, uint limit)
    {
        var state = stackalloc TVector[8];
        var words = stackalloc TVector[16];
        for (var i = 0; i < 8; i++)
            state[i] = TLanes.Create(work.Midstate[i]);
        for (var i = 0; i < 3; i++)
            words[i] = TLanes.Create(work.Tail[i]);
        // The bytes of the nonce are little-endian in the header, the words of SHA-256 big-endian.
        var nonces = TLanes.Sequence(first);
        var odd = TLanes.Create(0x00ff00ff);
        words[3] = TLanes.Choose(odd, TLanes.RotateRight(nonces, 24), TLanes.RotateRight(nonces, 8));
        Pad(words, 4, HeaderBits);
        Sha256Vectors<TVector, TLanes>.Rounds(state, words, 64);
        for (var i = 0; i < 8; i++)
        {
            words[i] = TLanes.Add(state[i], TLanes.Create(work.Midstate[i]));
            state[i] = TLanes.Create(Sha256Constants.Start[i]);
        }
        Pad(words, 8, HashBits);
        // Of the last hash the top word alone is looked at, and that is e after 61 of 64 rounds.
        Sha256Vectors<TVector, TLanes>.Rounds(state, words, 61);
        return TLanes.ReversedAtMost(TLanes.Add(state[4], TLanes.Create(Sha256Constants.Start[7])), limit);
    }

    private const uint HeaderBits = 640;
    private const uint HashBits = 256;

    private static void Pad(TVector* words, int from, uint bits)
    {
        words[from] = TLanes.Create(0x80000000);
        for (var i = from + 1; i < 15; i++)
            words[i] = TLanes.Create(0);
        words[15] = TLanes.Create(bits);
    }
}
