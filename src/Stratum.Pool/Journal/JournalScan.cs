using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>
/// Reads a journal from its beginning to its end. Where no record with a valid checksum begins, it looks for the next
/// one that has: what is good is found whatever stands before it, and what is not good is counted as damage.
/// </summary>
internal sealed class JournalScan
{
    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<Hash256, int> _index = [];
    private readonly List<JournalDamage> _damage = [];
    private readonly JournalRecordReader _records;
    private readonly long _end;

    private JournalScan(JournalRecordReader records, long end) => (_records, _end) = (records, end);

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public IReadOnlyList<JournalDamage> Damage => _damage;

    /// <summary>Length of the file when it was read.</summary>
    public long End => _end;

    /// <summary>The records' key; null when the file holds neither a header nor a record.</summary>
    public byte[]? Key => _records.Key;

    /// <exception cref="JournalException">A newer version, or no journal at all.</exception>
    public static JournalScan Read(SafeFileHandle handle, string file)
    {
        var end = RandomAccess.GetLength(handle);
        Span<byte> start = stackalloc byte[JournalFormat.HeaderSize];
        start = start[..JournalRecordReader.ReadFully(handle, start, 0)];
        var readable = JournalFormat.TryReadHeader(start, out var version, out var key);
        if (readable && version != JournalFormat.Version)
            throw JournalErrors.NewerVersion(file, version);
        var scan = new JournalScan(new JournalRecordReader(handle, end, key), end);
        scan.ReadRecords(readable ? JournalFormat.HeaderSize : 0);
        if (scan.Key is null && !IsUnborn(handle, start, end))
            throw JournalErrors.NotAJournal(file);
        return scan;
    }

    private void ReadRecords(long offset)
    {
        var bad = -1L;
        while (offset < _end)
        {
            if (_records.TryRead(offset, out var record))
            {
                Skipped(bad, offset);
                bad = -1;
                Take(record);
                offset = record.End;
                continue;
            }
            if (bad < 0)
                bad = offset;
            offset = _records.FindMarker(offset + 1);
        }
        Skipped(bad, _end);
    }

    private void Skipped(long from, long to)
    {
        if (from < 0)
            return;
        _damage.Add(new JournalDamage(from, to - from, to < _end ? "no record with a valid checksum begins here"
            : "the end is no whole record: its write was cut off, or is under way"));
    }

    private void Take(JournalRecord record)
    {
        try
        {
            if (record.Type == JournalFormat.BlockType)
                TakeBlock(record);
            else if (record.Type == JournalFormat.StateType)
                TakeState(record);
            // Any other type is a later program's, and its checksum holds.
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            _damage.Add(new JournalDamage(record.Offset, 0, $"the record's text cannot be read: {error.Message}"));
        }
    }

    private void TakeBlock(JournalRecord record)
    {
        var line = JsonSerializer.Deserialize(record.Json, JournalLines.Default.BlockLine) ?? throw new FormatException("it is null");
        var hash = Hash256.Parse(line.Hash);
        if (_index.TryAdd(hash, _entries.Count))
            _entries.Add(JournalEntries.Of(line, hash, record));
    }

    private void TakeState(JournalRecord record)
    {
        var line = JsonSerializer.Deserialize(record.Json, JournalLines.Default.StateLine) ?? throw new FormatException("it is null");
        if (!Enum.TryParse<BlockState>(line.State, ignoreCase: true, out var state) || !Enum.IsDefined(state))
            throw new FormatException($"the state '{line.State}' is not known");
        if (_index.TryGetValue(Hash256.Parse(line.Hash), out var at))
            _entries[at] = JournalEntries.With(_entries[at], line, state);
        else
            _damage.Add(new JournalDamage(record.Offset, 0, $"block {line.Hash} is {line.State}, but its own record is not there"));
    }

    // A crash between making the file and its first bytes leaves nothing, a piece of the first line, or zeros.
    private static bool IsUnborn(SafeFileHandle handle, ReadOnlySpan<byte> start, long end)
    {
        var magic = "STRATUM-JOURNAL 1"u8;
        if (end < JournalFormat.HeaderSize && (magic.StartsWith(start) || start.StartsWith(magic)))
            return true;
        var buffer = new byte[64 << 10];
        for (var offset = 0L; offset < end;)
        {
            var read = JournalRecordReader.ReadFully(handle, buffer, offset);
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
                return false;
            offset += Math.Max(read, 1);
        }
        return true;
    }
}
