using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Stratum.Pool;

/// <summary>Single records of a file; the bytes of blocks pass through, so that a big journal needs little memory.</summary>
internal sealed class JournalRecordReader(SafeFileHandle handle, long end, byte[]? key)
{
    private readonly byte[] _buffer = new byte[64 << 10];

    /// <summary>The records' key. When the header did not tell, that of the first record whose checksum holds.</summary>
    public byte[]? Key { get; private set; } = key;

    /// <summary>Whether a whole record with a valid checksum begins here.</summary>
    public bool TryRead(long offset, out JournalRecord record)
    {
        record = default;
        Span<byte> head = stackalloc byte[JournalFormat.HeadSize + sizeof(uint)];
        if (ReadFully(handle, head, offset) < head.Length || !head.StartsWith(JournalFormat.Marker))
            return false;
        var key = head.Slice(JournalFormat.MarkerSize, JournalFormat.KeySize);
        if (Key is not null && !key.SequenceEqual(Key))
            return false;
        // Nothing is allocated or read for these numbers before they were found possible.
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[(JournalFormat.HeadSize - sizeof(uint))..]);
        var jsonLength = BinaryPrimitives.ReadUInt32LittleEndian(head[JournalFormat.HeadSize..]);
        var recordEnd = offset + JournalFormat.HeadSize + length + JournalFormat.ChecksumSize;
        if (length is < sizeof(uint) or > JournalFormat.MaxPayloadSize || recordEnd > end
            || jsonLength > Math.Min(length - sizeof(uint), JournalFormat.MaxJsonSize))
            return false;

        var json = new byte[jsonLength];
        var at = offset + head.Length;
        if (ReadFully(handle, json, at) < json.Length)
            return false;
        var sum = JournalFormat.Checksum(~0u, head[JournalFormat.CheckedFrom..]);
        sum = JournalFormat.Checksum(sum, json);
        at += json.Length;
        while (at < recordEnd - JournalFormat.ChecksumSize)
        {
            var piece = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, recordEnd - JournalFormat.ChecksumSize - at));
            if (ReadFully(handle, piece, at) < piece.Length)
                return false;
            sum = JournalFormat.Checksum(sum, piece);
            at += piece.Length;
        }
        Span<byte> stored = stackalloc byte[JournalFormat.ChecksumSize];
        if (ReadFully(handle, stored, at) < stored.Length)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(stored) != ~sum)
            return false;
        Key ??= key.ToArray();
        record = new JournalRecord(offset, head[JournalFormat.HeadSize - sizeof(uint) - 1], json,
            (int)(length - sizeof(uint) - jsonLength), recordEnd);
        return true;
    }

    /// <summary>The next place where a record may begin, or the end.</summary>
    public long FindMarker(long from)
    {
        var sought = Key is null ? JournalFormat.Marker : (byte[])[.. JournalFormat.Marker, .. Key];
        while (from < end)
        {
            var read = ReadFully(handle, _buffer, from);
            if (read < sought.Length)
                break;
            var found = _buffer.AsSpan(0, read).IndexOf(sought);
            if (found >= 0)
                return from + found;
            // A marker may lie across two pieces.
            from += read - sought.Length + 1;
        }
        return end;
    }

    /// <summary>As many bytes as there are, up to the buffer's length.</summary>
    public static int ReadFully(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }
}
