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
        HashPair(pair);
        return new Hash256(pair[..32]);
    }

    /// <summary>The hash of 64 bytes, in place of the first 32 of them.</summary>
    internal static void HashPair(Span<byte> pair)
    {
        if (Libcrypto.IsPresent)
            HashPairNative(pair);
        else
            Hash(pair, pair, native: false);
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
        Begin(state);
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

        HashAgain(state, block, hash);
    }

    // All of it in steps of 16 bytes, as the transform reads: what was written in smaller ones is read only when all that
    // went before it is through. What follows 64 bytes is always the same.
    [SkipLocalsInit]
    private static unsafe void HashPairNative(Span<byte> pair)
    {
        var state = stackalloc uint[Libcrypto.ContextWords];
        var block = stackalloc byte[64];
        Begin(state);
        fixed (byte* source = pair)
        fixed (byte* padding = PairPadding)
        {
            Libcrypto.Compress(state, source);
            Libcrypto.Compress(state, padding);
        }
        HashAgain(state, block, pair);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void HashAgain(uint* state, byte* block, Span<byte> hash)
    {
        BigEndian(state).Store(block);
        BigEndian(state + 4).Store(block + 16);
        // What follows 32 bytes in their block: the end bit, zeros, 256 bits.
        Vector128.Create((byte)0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).Store(block + 32);
        Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0).Store(block + 48);
        Begin(state);
        Libcrypto.Compress(state, block);
        BigEndian(state).CopyTo(hash);
        BigEndian(state + 4).CopyTo(hash[16..]);
    }

    // The end bit, zeros, 512 bits.
    private static ReadOnlySpan<byte> PairPadding =>
    [
        0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0,
    ];

    // 32 bytes at once also make the compiler clean the registers' upper halves before each call (vzeroupper): the
    // transform's SSE instructions wait for what is left there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Begin(uint* state) => Vector256.Create(
        0x6a09e667u, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19).Store(state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector128<byte> BigEndian(uint* words) => Vector128.Shuffle(
        Vector128.Load((byte*)words), Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));

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
