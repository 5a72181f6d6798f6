using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>
/// Looks for the nonce of a header, for CPU miners: with the widest vectors that the processor has, each checked at
/// start against the plain hash. One per thread: a scanner keeps its scratch memory.
/// </summary>
public abstract class NonceScanner
{
    private protected NonceScanner(string implementation) => Implementation = implementation;

    /// <summary>What computes it here, for the start line: <c>sha256d, 16 lanes</c>.</summary>
    public string Implementation { get; }

    /// <summary>The fastest scanner of an algorithm on this processor.</summary>
    /// <param name="algorithm"><c>sha256d</c> or <c>scrypt</c>, as <see cref="Coin.Algorithm"/> has it.</param>
    /// <exception cref="ArgumentException">Another algorithm.</exception>
    public static NonceScanner Create(string algorithm) => algorithm switch
    {
        "sha256d" => Sha256dKernels.CreateScanner(),
        "scrypt" => ScryptKernels.CreateScanner(),
        _ => throw Unknown(algorithm, nameof(algorithm)),
    };

    /// <summary>A scanner for any other algorithm, as fast as its function.</summary>
    /// <param name="proofOfWork">As <see cref="Coin.ProofOfWork"/> has it.</param>
    public static NonceScanner Create(HashFunction proofOfWork)
    {
        ArgumentNullException.ThrowIfNull(proofOfWork);
        return new HashScanner(proofOfWork);
    }

    /// <summary>
    /// Tries nonces upwards from <paramref name="start"/>. It never wraps: with 4294967295 the range ends, however
    /// great <paramref name="count"/> is. Allocates nothing.
    /// </summary>
    /// <param name="header">80 bytes; the nonce in them (offset 76) does not matter and is left alone.</param>
    /// <param name="start">The first nonce, as the number that stands little-endian in the header.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="target">What the hash must not exceed.</param>
    /// <param name="nonce">The lowest nonce whose hash meets the target; 0 when there is none.</param>
    /// <param name="scanned">How many were tried, with the one found: the next scan begins behind them.</param>
    /// <returns>Whether one was found.</returns>
    /// <exception cref="ArgumentException">The header is not of 80 bytes.</exception>
    public bool TryScan(
        ReadOnlySpan<byte> header, uint start, uint count, in Target target, out uint nonce, out uint scanned)
    {
        if (header.Length != BlockHeader.Size)
            throw new ArgumentException($"A header has {BlockHeader.Size} bytes, not {header.Length}.", nameof(header));
        var end = Math.Min(start + (ulong)count, 1UL << 32);
        var found = Scan(header, start, end, target, out nonce);
        scanned = (uint)(found ? nonce - start + 1UL : end - start);
        return found;
    }

    internal static ArgumentException Unknown(string algorithm, string parameter) =>
        new($"There is no scanner for '{algorithm}'; there are sha256d and scrypt.", parameter);

    /// <summary>Tries [start, end) upwards; end is at most 2^32.</summary>
    private protected abstract bool Scan(
        ReadOnlySpan<byte> header, uint start, ulong end, in Target target, out uint nonce);

    /// <summary>The top 32 bits of a target: a hash whose own are greater cannot meet it.</summary>
    private protected static uint TopWord(in Target target)
    {
        Span<byte> bytes = stackalloc byte[32];
        target.WriteBigEndian(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
