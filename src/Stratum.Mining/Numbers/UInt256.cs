using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Stratum.Mining;

/// <summary>256 bits as four words, the least significant first: what hashes and targets are compared as.</summary>
internal readonly record struct UInt256(ulong W0, ulong W1, ulong W2, ulong W3) : IComparable<UInt256>
{
    private const double Word = 18446744073709551616.0;

    public static readonly UInt256 Max = new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public static UInt256 ReadLittleEndian(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));

    public static UInt256 ReadBigEndian(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));

    public void WriteLittleEndian(Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            // By 16 bytes, as a hash's transform reads them.
            Vector128.Create(W0, W1).AsByte().CopyTo(bytes);
            Vector128.Create(W2, W3).AsByte().CopyTo(bytes[16..]);
            return;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, W0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], W1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], W2);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], W3);
    }

    public void WriteBigEndian(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, W3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], W2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], W1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], W0);
    }

    public int CompareTo(UInt256 other)
    {
        var order = W3.CompareTo(other.W3);
        if (order == 0)
            order = W2.CompareTo(other.W2);
        if (order == 0)
            order = W1.CompareTo(other.W1);
        return order != 0 ? order : W0.CompareTo(other.W0);
    }

    /// <summary>As a double, the last bit of which may be off.</summary>
    public double ToDouble() => ((W3 * Word + W2) * Word + W1) * Word + W0;
}
