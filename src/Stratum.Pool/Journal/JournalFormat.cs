using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Stratum.Pool;

/// <summary>
/// The bytes of a journal, version 1.
/// <code>
/// STRATUM-JOURNAL 1 key 0123456789abcdef check 89abcdef\n      check: CRC-32C of all before " check"
/// marker 4 | key 8 | type 1 | length 4 | json length 4, json, block | CRC-32C 4       again and again
/// </code>
/// Numbers are little-endian; <c>length</c> counts json length, json and block; the checksum covers type, length and
/// these. The key is drawn when the file is made and begins every record: whoever puts the bytes of a record into a
/// transaction, and so into a block of this file, does not know it, so reading after damage never takes them for one.
/// </summary>
internal static class JournalFormat
{
    public const int Version = 1;
    public const string Magic = "STRATUM-JOURNAL ";
    public const int HeaderSize = 54;
    public const int KeySize = 8;
    public const int MarkerSize = 4;
    public const int CheckedFrom = MarkerSize + KeySize;
    public const int HeadSize = MarkerSize + KeySize + 1 + sizeof(uint);
    public const int ChecksumSize = sizeof(uint);

    /// <summary>A header is 80 bytes; no coin has blocks of 64 MiB.</summary>
    public const int MaxBlockSize = 64 << 20;
    public const int MinBlockSize = 80;
    public const int MaxJsonSize = 64 << 10;
    public const int MaxPayloadSize = sizeof(uint) + MaxJsonSize + MaxBlockSize;

    public const byte BlockType = (byte)'B';
    public const byte StateType = (byte)'S';

    // Not text, so no line of text is taken for one; no byte twice, so a shifted one is no match.
    public static ReadOnlySpan<byte> Marker => [0xF5, 0x53, 0x4A, 0x9E];

    /// <summary>The first line of a new journal.</summary>
    public static byte[] NewHeader()
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeySize));
        var line = $"{Magic}{Version} key {key}";
        return Encoding.ASCII.GetBytes($"{line} check {Checksum(Encoding.ASCII.GetBytes(line)):x8}\n");
    }

    /// <summary>Reads the first line.</summary>
    /// <param name="start">The first bytes of the file, <see cref="HeaderSize"/> of them if there are so many.</param>
    /// <param name="version">The version that it names, believed only when its check holds or there is none.</param>
    /// <param name="key">The records' key; null when the line is damaged.</param>
    /// <returns>Whether the line could be read.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> start, out long version, out byte[]? key)
    {
        (version, key) = (0, null);
        var text = Encoding.Latin1.GetString(start);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var words = (end < 0 ? text : text[..end]).Split(' ');
        if (words[0] != Magic.TrimEnd() || words.Length < 2
            || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var named))
            return false;
        var check = text.IndexOf(" check ", StringComparison.Ordinal);
        // By its digits, so that one of the other case is damage too.
        if (check >= 0 && words[^1] != Checksum(start[..check]).ToString("x8", CultureInfo.InvariantCulture))
            return false;
        version = named;
        if (version != Version)
            return version > Version;
        if (check < 0 || end != HeaderSize - 1 || words is not [_, _, "key", { Length: 2 * KeySize } digits, "check", _])
            return false;
        key = Convert.FromHexString(digits);
        return true;
    }

    /// <summary>A record, ready for its one write.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> key, byte type, ReadOnlySpan<byte> json, ReadOnlySpan<byte> block)
    {
        var payload = sizeof(uint) + json.Length + block.Length;
        var record = new byte[HeadSize + payload + ChecksumSize];
        var rest = record.AsSpan();
        Marker.CopyTo(rest);
        key.CopyTo(rest[MarkerSize..]);
        rest[HeadSize - sizeof(uint) - 1] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(rest[(HeadSize - sizeof(uint))..], (uint)payload);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[HeadSize..], (uint)json.Length);
        json.CopyTo(rest[(HeadSize + sizeof(uint))..]);
        block.CopyTo(rest[(HeadSize + sizeof(uint) + json.Length)..]);
        var checksum = Checksum(rest[CheckedFrom..^ChecksumSize]);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[^ChecksumSize..], checksum);
        return record;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes) => ~Checksum(~0u, bytes);

    /// <summary>CRC-32C piece by piece, without the inversion at both ends.</summary>
    public static uint Checksum(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            sum = BitOperations.Crc32C(sum, b);
        return sum;
    }
}
