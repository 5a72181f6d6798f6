using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Stratum.Mining;

/// <summary>
/// SHA-256 of SHA-256. By libcrypto's transform where there is one that hashes right, else by the framework. Nothing
/// here allocates; everything is safe for use from many threads.
/// </summary>
public static class Sha256d
{
    /// <summary>What computes it here, for the start line.</summary>
    public static string Implementation => Libcrypto.IsPresent ? "sha256d by libcrypto" : "sha256d by the framework";

    /// <summary>Hashes into 32 bytes, in hash order.</summary>
    /// <exception cref="ArgumentException">No room for 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash) => Hash(data, hash, Libcrypto.IsPresent);

    /// <summary>The hash as a value.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        Hash(data, hash);
        return new Hash256(hash);
    }

    /// <summary>The hash of four pieces in a row, without joining them: a coinbase around its extranonces.</summary>
    public static Hash256 Hash(
        ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d) =>
        Hash(a, b, c, d, Libcrypto.IsPresent);

    /// <summary>The hash of two hashes side by side: a node of the merkle tree.</summary>
    public static Hash256 HashPair(in Hash256 left, in Hash256 right)
    {
        Span<byte> pair = stackalloc byte[64];
        left.CopyTo(pair);
        right.CopyTo(pair[32..]);
        return Hash(pair);
    }

    // The framework is the better fallback for whole data: it has the processor's instructions where we have not.
    [SkipLocalsInit]
    internal static void Hash(ReadOnlySpan<byte> data, Span<byte> hash, bool native)
    {
        if (!native)
        {
            SHA256.HashData(data, hash);
            SHA256.HashData(hash[..32], hash);
            return;
        }
        HashNative(data, hash);
    }

    // Without a stream, whose bookkeeping adds an eighth: a share takes fifteen of these.
    [SkipLocalsInit]
    private static unsafe void HashNative(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        var state = stackalloc uint[Libcrypto.ContextWords];
        var block = stackalloc byte[64];
        Start.Store(state);
        var whole = data.Length & ~63;
        fixed (byte* source = data)
            for (var at = 0; at < whole; at += 64)
                Libcrypto.Compress(state, source + at);
        var rest = data[whole..];
        Vector512<byte>.Zero.Store(block);
        rest.CopyTo(new Span<byte>(block, 64));
        block[rest.Length] = 0x80;
        // The length in bits takes eight bytes.
        if (rest.Length >= 56)
        {
            Libcrypto.Compress(state, block);
            Vector512<byte>.Zero.Store(block);
        }
        BinaryPrimitives.WriteInt64BigEndian(new Span<byte>(block + 56, 8), 8L * data.Length);
        Libcrypto.Compress(state, block);

        BigEndian(state).Store(block);
        HashPadding.Store(block + 32);
        Start.Store(state);
        Libcrypto.Compress(state, block);
        BigEndian(state).CopyTo(hash);
    }

    private static Vector256<uint> Start => Vector256.Create(
        0x6a09e667u, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

    // What follows 32 bytes in their block: the end bit, zeros, 256 bits.
    private static Vector256<byte> HashPadding => Vector256.Create(
        (byte)0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0);

    private static unsafe Vector256<byte> BigEndian(uint* words) => Vector256.Shuffle(
        Vector256.Load((byte*)words),
        Vector256.Create(
            (byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,
            19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24, 31, 30, 29, 28));

    [SkipLocalsInit]
    internal static Hash256 Hash(
        ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, bool native)
    {
        Span<byte> hash = stackalloc byte[32];
        Unsafe.SkipInit(out Sha256Stream stream);
        stream.Start(native);
        stream.Append(a);
        stream.Append(b);
        stream.Append(c);
        stream.Append(d);
        stream.Finish(hash);
        stream.Start(native);
        stream.Append(hash);
        stream.Finish(hash);
        return new Hash256(hash);
    }
}
