using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>Searches nonces of one header. One for each thread: it keeps working memory.</summary>
public abstract class NonceScanner
{
    /// <summary>The fastest scanner for this processor.</summary>
    /// <param name="algorithm"><c>sha256d</c> or <c>scrypt</c>.</param>
    /// <exception cref="ArgumentException">Another algorithm.</exception>
    public static NonceScanner Create(string algorithm) => algorithm switch
    {
        "sha256d" => new PlainScanner(Sha256d.Hash),
        "scrypt" => new PlainScanner(Scrypt.Hash),
        _ => throw new ArgumentException($"There is no scanner for '{algorithm}'; there are sha256d and scrypt.", nameof(algorithm)),
    };

    /// <summary>Tries nonces upwards until one meets the target.</summary>
    /// <param name="header">80 bytes; the nonce in it is not used.</param>
    /// <param name="start">The first nonce.</param>
    /// <param name="count">How many at the most; the search ends at ffffffff.</param>
    /// <param name="target">What the hash must not exceed.</param>
    /// <param name="nonce">The nonce found, as a number.</param>
    /// <param name="scanned">How many were tried, with the one found.</param>
    public abstract bool TryScan(
        ReadOnlySpan<byte> header, uint start, uint count, in Target target, out uint nonce, out uint scanned);

    private sealed class PlainScanner(HashFunction hash) : NonceScanner
    {
        public override bool TryScan(
            ReadOnlySpan<byte> header, uint start, uint count, in Target target, out uint nonce, out uint scanned)
        {
            Span<byte> bytes = stackalloc byte[BlockHeader.Size];
            Span<byte> result = stackalloc byte[Hash256.Size];
            header[..BlockHeader.Size].CopyTo(bytes);
            nonce = start;
            for (scanned = 0; scanned < count; nonce++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[76..], nonce);
                hash(bytes, result);
                scanned++;
                if (target.IsMetBy(new Hash256(result)))
                    return true;
                if (nonce == uint.MaxValue)
                    break;
            }
            return false;
        }
    }
}
