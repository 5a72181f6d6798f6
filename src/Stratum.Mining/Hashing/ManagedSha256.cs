using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static System.Numerics.BitOperations;

namespace Stratum.Mining;

/// <summary>SHA-256's compression in C#: for where there is no libcrypto, and to check libcrypto's.</summary>
internal static unsafe class ManagedSha256
{
    /// <summary>Mixes 64 bytes into eight words, as libcrypto's SHA256_Transform does.</summary>
    [SkipLocalsInit]
    public static void Compress(uint* state, byte* block)
    {
        var w = stackalloc uint[64];
        for (var t = 0; t < 16; t++)
            w[t] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(block + 4 * t));
        for (var t = 16; t < 64; t++)
        {
            var early = RotateRight(w[t - 15], 7) ^ RotateRight(w[t - 15], 18) ^ w[t - 15] >> 3;
            var late = RotateRight(w[t - 2], 17) ^ RotateRight(w[t - 2], 19) ^ w[t - 2] >> 10;
            w[t] = w[t - 16] + early + w[t - 7] + late;
        }
        uint a = state[0], b = state[1], c = state[2], d = state[3];
        uint e = state[4], f = state[5], g = state[6], h = state[7];
        for (var t = 0; t < 64; t++)
        {
            var one = h + Sha256Constants.Rounds[t] + w[t] + (g ^ e & (f ^ g))
                + (RotateRight(e, 6) ^ RotateRight(e, 11) ^ RotateRight(e, 25));
            var two = (a & b | c & (a | b))
                + (RotateRight(a, 2) ^ RotateRight(a, 13) ^ RotateRight(a, 22));
            h = g;
            g = f;
            f = e;
            e = d + one;
            d = c;
            c = b;
            b = a;
            a = one + two;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
