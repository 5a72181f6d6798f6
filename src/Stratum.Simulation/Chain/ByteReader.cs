using System.Buffers.Binary;

namespace Stratum.Simulation;

/// <summary>Goes through bytes that somebody sent; running out of them is a <see cref="FormatException"/>.</summary>
internal ref struct ByteReader(ReadOnlyMemory<byte> bytes)
{
    private readonly ReadOnlyMemory<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public ReadOnlyMemory<byte> Take(int length)
    {
        if (length > _bytes.Length - Position)
        {
            throw new FormatException($"The bytes end at {_bytes.Length}, {length} more were expected at {Position}.");
        }

        Position += length;
        return _bytes.Slice(Position - length, length);
    }

    public ReadOnlyMemory<byte> Rest() => Take(_bytes.Length - Position);

    public readonly ReadOnlyMemory<byte> Between(int start, int end) => _bytes[start..end];

    public byte Peek()
    {
        byte next = Byte();
        Position--;
        return next;
    }

    public byte Byte() => Take(1).Span[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    /// <summary>A canonical compact size that counts things of at least <paramref name="smallest"/> bytes.</summary>
    public int Count(int smallest)
    {
        byte first = Byte();
        ulong count = first switch
        {
            < 0xfd => first,
            0xfd => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span),
            0xfe => UInt32(),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span),
        };
        ulong least = first switch { < 0xfd => 0, 0xfd => 0xfd, 0xfe => 0x1_0000, _ => 0x1_0000_0000 };
        if (count < least || count > (ulong)(_bytes.Length - Position) / (ulong)smallest)
        {
            throw new FormatException($"The count before byte {Position} is not canonical or exceeds the bytes.");
        }

        return (int)count;
    }
}
