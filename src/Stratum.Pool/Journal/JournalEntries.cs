using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>From records to entries, when read and when written, and back to the block's bytes.</summary>
internal static class JournalEntries
{
    public static JournalEntry Of(BlockLine line, Hash256 hash, JournalRecord record) => new()
    {
        Hash = hash,
        Height = line.Height,
        Coin = line.Coin,
        Network = line.Network,
        Worker = line.Worker,
        FoundAt = line.FoundAt,
        ChangedAt = line.FoundAt,
        Length = record.BlockLength,
        RecordOffset = record.Offset,
        RecordEnd = record.End,
    };

    public static JournalEntry With(JournalEntry entry, StateLine line, BlockState state) => entry with
    {
        State = state,
        // A deep block is closed, whoever wrote otherwise.
        IsOpen = line.Open && state is not BlockState.Deep,
        Confirmations = line.Confirmations,
        Daemon = line.Daemon,
        Reason = line.Reason,
        ChangedAt = line.At,
    };

    /// <exception cref="JournalException">The record is not there any more as it was.</exception>
    public static ReadOnlyMemory<byte> ReadBlock(SafeFileHandle handle, string file, JournalEntry entry)
    {
        // The entry may be of another file: its numbers are checked before they are used.
        var size = entry.RecordEnd - entry.RecordOffset;
        var least = JournalFormat.HeadSize + sizeof(uint) + entry.Length + JournalFormat.ChecksumSize;
        if (entry.Length <= 0 || size < least || size > least + JournalFormat.MaxJsonSize)
            throw JournalErrors.NoBlock(file, entry);
        var record = new byte[size];
        var read = JournalErrors.Reading(file, () => JournalRecordReader.ReadFully(handle, record, entry.RecordOffset));
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan()[^JournalFormat.ChecksumSize..]);
        var block = record.AsMemory()[^(entry.Length + JournalFormat.ChecksumSize)..^JournalFormat.ChecksumSize];
        return read == size && JournalFormat.Checksum(record.AsSpan()[JournalFormat.CheckedFrom..^JournalFormat.ChecksumSize]) == sum
            ? block
            : throw JournalErrors.NoBlock(file, entry);
    }
}
