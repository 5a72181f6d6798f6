namespace Stratum.Mining;

/// <summary>A coinbase transaction cut around its extranonce, as miners get it: without witness.</summary>
public sealed class Coinbase
{
    private const int VersionSize = 4;
    private const int LockTimeSize = 4;

    /// <summary>The two parts.</summary>
    /// <param name="part1">From the version up to the extranonce.</param>
    /// <param name="part2">From behind the extranonce to the lock time.</param>
    /// <param name="extranonceSize">extranonce1 + extranonce2 in bytes.</param>
    /// <param name="hasWitness">Whether there is a witness commitment, so that a block must carry the witness.</param>
    public Coinbase(ReadOnlyMemory<byte> part1, ReadOnlyMemory<byte> part2, int extranonceSize, bool hasWitness)
    {
        Part1 = part1;
        Part2 = part2;
        ExtranonceSize = extranonceSize;
        HasWitness = hasWitness;
    }

    /// <summary>From the version up to the extranonce.</summary>
    public ReadOnlyMemory<byte> Part1 { get; }

    /// <summary>From behind the extranonce to the lock time.</summary>
    public ReadOnlyMemory<byte> Part2 { get; }

    /// <summary>extranonce1 + extranonce2 in bytes.</summary>
    public int ExtranonceSize { get; }

    /// <summary>Whether a block must carry the coinbase's witness.</summary>
    public bool HasWitness { get; }

    /// <summary>The transaction: without witness as it is hashed, with it as it stands in a block.</summary>
    /// <exception cref="ArgumentException">The extranonces have not the size that it was built for.</exception>
    public byte[] Assemble(in Extranonce extranonce1, in Extranonce extranonce2, bool withWitness)
    {
        if (extranonce1.Length + extranonce2.Length != ExtranonceSize)
            throw new ArgumentException(
                $"The coinbase was built for {ExtranonceSize} bytes of extranonce, "
                + $"not {extranonce1.Length} + {extranonce2.Length}.", nameof(extranonce2));
        var plain = new byte[Part1.Length + ExtranonceSize + Part2.Length];
        Part1.Span.CopyTo(plain);
        extranonce1.CopyTo(plain.AsSpan(Part1.Length));
        extranonce2.CopyTo(plain.AsSpan(Part1.Length + extranonce1.Length));
        Part2.Span.CopyTo(plain.AsSpan(Part1.Length + ExtranonceSize));
        if (!withWitness)
            return plain;

        // BIP 144: marker and flag behind the version; BIP 141: one item of 32 zero bytes before the lock time.
        return
        [
            .. plain.AsSpan(0, VersionSize), 0x00, 0x01, .. plain.AsSpan()[VersionSize..^LockTimeSize],
            0x01, 0x20, .. new byte[32], .. plain.AsSpan()[^LockTimeSize..],
        ];
    }
}
