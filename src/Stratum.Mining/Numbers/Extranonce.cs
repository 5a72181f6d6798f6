using System.Buffers;
using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>
/// Up to 16 bytes of the coinbase: extranonce1 is the session's, extranonce2 the miner's. Held without allocation.
/// </summary>
public readonly struct Extranonce : IEquatable<Extranonce>
{
    /// <summary>Bytes at the most.</summary>
    public const int MaxLength = 16;

    // The bytes as a big-endian number. Not one of 128 bits: it would be padded to 32 bytes, and a session holds several.
    private readonly ulong _upper;
    private readonly ulong _lower;
    private readonly byte _length;

    /// <summary>These bytes.</summary>
    /// <exception cref="ArgumentException">More than 16.</exception>
    public Extranonce(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
            throw new ArgumentException($"An extranonce has up to 16 bytes, not {bytes.Length}.", nameof(bytes));
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        bytes.CopyTo(padded[(MaxLength - bytes.Length)..]);
        _upper = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _lower = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        _length = (byte)bytes.Length;
    }

    /// <summary>Number of bytes.</summary>
    public int Length => _length;

    /// <summary>The last eight bytes as a number.</summary>
    internal ulong Lower => _lower;

    /// <summary>The last bytes of a number, most significant first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 0..16.</exception>
    public static Extranonce FromUInt64(ulong value, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        Span<byte> bytes = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new Extranonce(bytes[(MaxLength - length)..]);
    }

    /// <summary>Reads two hex digits a byte, either case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Hex, out Extranonce extranonce)
    {
        extranonce = default;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (utf8Hex.Length % 2 != 0 || utf8Hex.Length > 2 * MaxLength
            || Convert.FromHexString(utf8Hex, bytes, out _, out var count) != OperationStatus.Done)
            return false;
        extranonce = new Extranonce(bytes[..count]);
        return true;
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _upper);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _lower);
        bytes[(MaxLength - _length)..].CopyTo(destination);
    }

    /// <inheritdoc/>
    public bool Equals(Extranonce other) => _lower == other._lower && _upper == other._upper && _length == other._length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Extranonce other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_upper, _lower, _length);

    /// <summary>Two hex digits a byte.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes[.._length]);
    }

    /// <summary>Equality.</summary>
    public static bool operator ==(Extranonce left, Extranonce right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(Extranonce left, Extranonce right) => !left.Equals(right);
}
