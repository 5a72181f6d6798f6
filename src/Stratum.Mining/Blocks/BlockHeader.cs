using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>The 80 bytes whose hash is the proof of work; all numbers little-endian.</summary>
/// <param name="Version">At offset 0.</param>
/// <param name="PreviousBlock">At offset 4.</param>
/// <param name="MerkleRoot">At offset 36.</param>
/// <param name="Time">At offset 68, seconds since 1970.</param>
/// <param name="Bits">At offset 72.</param>
/// <param name="Nonce">At offset 76.</param>
public readonly record struct BlockHeader(
    uint Version, Hash256 PreviousBlock, Hash256 MerkleRoot, uint Time, CompactTarget Bits, uint Nonce)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 80;

    /// <summary>Reads 80 bytes.</summary>
    /// <exception cref="ArgumentException">Fewer than 80 bytes.</exception>
    public static BlockHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
            throw new ArgumentException($"A block header has 80 bytes, not {bytes.Length}.", nameof(bytes));
        return new BlockHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            new Hash256(bytes.Slice(4, 32)),
            new Hash256(bytes.Slice(36, 32)),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
            new CompactTarget(BinaryPrimitives.ReadUInt32LittleEndian(bytes[72..])),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]));
    }

    /// <summary>Writes 80 bytes. Allocates nothing.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Version);
        PreviousBlock.CopyTo(destination[4..]);
        MerkleRoot.CopyTo(destination[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[68..], Time);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[72..], Bits.Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[76..], Nonce);
    }
}
