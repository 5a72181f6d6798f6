namespace Stratum.Pool;

/// <summary>A record whose checksum holds.</summary>
internal readonly record struct JournalRecord(long Offset, byte Type, byte[] Json, int BlockLength, long End);
