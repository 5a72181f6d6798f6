using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>The variable-length count of Bitcoin's serialisation.</summary>
internal static class CompactSize
{
    public const int MaxLength = 9;

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
