using System.Runtime.CompilerServices;
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
        Unsafe.SkipInit(out Sha256Stream stream);
        stream.Start(native);
        stream.Append(data);
        stream.Finish(hash);
        stream.Start(native);
        stream.Append(hash[..32]);
        stream.Finish(hash);
    }

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
