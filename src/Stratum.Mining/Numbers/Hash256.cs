namespace Stratum.Mining;

/// <summary>
/// A hash of 32 bytes, held in the order in which it was hashed and stands in a header. As text it is in display
/// order: all bytes reversed, most significant first, as explorers and RPC write it.
/// </summary>
public readonly struct Hash256 : IEquatable<Hash256>, IComparable<Hash256>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = 32;

    /// <summary>A hash of 32 bytes in hash order.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A hash has 32 bytes, not {bytes.Length}.", nameof(bytes));
        Number = UInt256.ReadLittleEndian(bytes);
    }

    /// <summary>32 zero bytes.</summary>
    public static Hash256 Zero => default;

    internal UInt256 Number { get; }

    /// <summary>Reads 64 hex digits in display order.</summary>
    /// <exception cref="FormatException">Not 64 hex digits.</exception>
    public static Hash256 Parse(string display) => TryParse(display, out var hash)
        ? hash
        : throw new FormatException($"'{display}' is not a hash: 64 hex digits are needed.");

    /// <summary>Reads 64 hex digits in display order.</summary>
    public static bool TryParse(ReadOnlySpan<char> display, out Hash256 hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (display.Length != 2 * Size
            || Convert.FromHexString(display, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        bytes.Reverse();
        hash = new Hash256(bytes);
        return true;
    }

    /// <summary>Writes 32 bytes in hash order.</summary>
    public void CopyTo(Span<byte> destination) => Number.WriteLittleEndian(destination);

    /// <summary>A copy of the 32 bytes in hash order.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Compares as 256-bit little-endian integers, as proof of work is.</summary>
    public int CompareTo(Hash256 other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public bool Equals(Hash256 other) => Number == other.Number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    // The low words: the high ones are zeros in a hash that met a target.
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number.W0, Number.W1);

    /// <summary>64 hex digits in display order.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Number.WriteBigEndian(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Equality.</summary>
    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);
}
