using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>One nonce at a time behind the midstate, by libcrypto or, as vectors are checked against, in C#.</summary>
/// <param name="native">By libcrypto.</param>
internal sealed unsafe class Sha256dBlockKernel(bool native) : ISha256dKernel
{
    public string Name => native ? "sha256d by libcrypto" : "sha256d, plain";

    public bool IsNative => native;

    public int Lanes => 1;

    public bool IsSupported => !native || Libcrypto.IsPresent;

    public string Strength => native && Sha256dKernels.HasShaInstructions
        ? "the processor's SHA instructions, through libcrypto; vectors would have to rotate by shifts"
        : "nothing else runs here and hashes right";

    [SkipLocalsInit]
    public uint Candidates(in Sha256dWork work, uint first, uint limit)
    {
        var state = stackalloc uint[Libcrypto.ContextWords];
        var block = stackalloc uint[16];
        for (var i = 0; i < 8; i++)
            state[i] = work.Midstate[i];
        for (var i = 0; i < 3; i++)
            block[i] = BinaryPrimitives.ReverseEndianness(work.Tail[i]);
        block[3] = first;
        Pad(block, 4, 640);
        Compress(state, block);
        for (var i = 0; i < 8; i++)
        {
            block[i] = BinaryPrimitives.ReverseEndianness(state[i]);
            state[i] = Sha256Constants.Start[i];
        }
        Pad(block, 8, 256);
        Compress(state, block);
        return BinaryPrimitives.ReverseEndianness(state[7]) <= limit ? 1u : 0u;
    }

    private static void Pad(uint* block, int from, uint bits)
    {
        block[from] = 0x80;
        for (var i = from + 1; i < 15; i++)
            block[i] = 0;
        block[15] = BinaryPrimitives.ReverseEndianness(bits);
    }

    private void Compress(uint* state, uint* block)
    {
        if (native)
            Libcrypto.Compress(state, (byte*)block);
        else
            ManagedSha256.Compress(state, (byte*)block);
    }
}
