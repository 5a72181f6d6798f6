using System.Security.Cryptography;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>scrypt with N=1024, r=1, p=1; the header is password and salt.</summary>
public static class Scrypt
{
    private const int N = 1024;
    private const int Words = 32;

    /// <summary>What computes it here, for the start line.</summary>
    public static string Implementation => "scrypt, plain";

    /// <summary>Hashes into 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> header, Span<byte> hash)
    {
        Span<uint> x = stackalloc uint[Words];
        Rfc2898DeriveBytes.Pbkdf2(header, header, MemoryMarshal.AsBytes(x), 1, HashAlgorithmName.SHA256);
        var memory = new uint[N * Words];
        for (var i = 0; i < N; i++)
        {
            x.CopyTo(memory.AsSpan(i * Words));
            Mix(x);
        }
        for (var i = 0; i < N; i++)
        {
            var row = memory.AsSpan((int)(x[16] & (N - 1)) * Words, Words);
            for (var k = 0; k < Words; k++)
                x[k] ^= row[k];
            Mix(x);
        }
        Rfc2898DeriveBytes.Pbkdf2(header, MemoryMarshal.AsBytes(x), hash[..32], 1, HashAlgorithmName.SHA256);
    }

    private static void Mix(Span<uint> x)
    {
        Salsa(x[..16], x[16..]);
        Salsa(x[16..], x[..16]);
    }

    private static void Salsa(Span<uint> b, ReadOnlySpan<uint> with)
    {
        Span<uint> x = stackalloc uint[16];
        for (var i = 0; i < 16; i++)
            x[i] = b[i] ^= with[i];
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
        for (var i = 0; i < 16; i++)
            b[i] += x[i];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
