using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>The variable-length count of Bitcoin's serialisation.</summary>
internal static class CompactSize
{
    public const int MaxLength = 9;

    /// <summary>
    /// Reads a count and steps behind it; false when the bytes end in it or a shorter form would do, which nodes
    /// refuse.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = source.IsEmpty ? (byte)0 : source[0];
        var size = source.IsEmpty ? 1 : value switch { 0xfd => 3, 0xfe => 5, 0xff => 9, _ => 1 };
        if (source.Length < size)
            return false;
        var least = 0ul;
        switch (size)
        {
            case 3:
                (value, least) = (BinaryPrimitives.ReadUInt16LittleEndian(source[1..]), 0xfd);
                break;
            case 5:
                (value, least) = (BinaryPrimitives.ReadUInt32LittleEndian(source[1..]), ushort.MaxValue + 1ul);
                break;
            case 9:
                (value, least) = (BinaryPrimitives.ReadUInt64LittleEndian(source[1..]), uint.MaxValue + 1ul);
                break;
        }
        source = source[size..];
        return value >= least;
    }

    /// <summary>Writes a count and returns its length.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        switch (value)
        {
            case < 0xfd:
                destination[0] = (byte)value;
                return 1;
            case <= ushort.MaxValue:
                destination[0] = 0xfd;
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
                return 3;
            case <= uint.MaxValue:
                destination[0] = 0xfe;
                BinaryPrimitives.WriteUInt32LittleEndian(destination[1..], (uint)value);
                return 5;
            default:
                destination[0] = 0xff;
                BinaryPrimitives.WriteUInt64LittleEndian(destination[1..], value);
                return 9;
        }
    }
}
