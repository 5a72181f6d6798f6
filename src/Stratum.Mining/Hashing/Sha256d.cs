using System.Security.Cryptography;

namespace Stratum.Mining;

/// <summary>SHA-256 of SHA-256.</summary>
public static class Sha256d
{
    /// <summary>What computes it here, for the start line.</summary>
    public static string Implementation => "sha256d by the framework";

    /// <summary>Hashes into 32 bytes. Allocates nothing.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        SHA256.HashData(data, hash);
        SHA256.HashData(hash[..32], hash);
    }

    /// <summary>The hash as a value. Allocates nothing.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        Hash(data, hash);
        return new Hash256(hash);
    }

    /// <summary>The hash of two hashes side by side: a node of the merkle tree. Allocates nothing.</summary>
    public static Hash256 HashPair(in Hash256 left, in Hash256 right)
    {
        Span<byte> pair = stackalloc byte[64];
        left.CopyTo(pair);
        right.CopyTo(pair[32..]);
        return Hash(pair);
    }
}
