namespace Stratum.Pool;

/// <summary>A record whose checksum holds.</summary>
internal readonly record struct JournalRecord(long Offset, byte Type, byte[] Json, int BlockLength, long End)
{
    /// <summary>Where the block's bytes begin.</summary>
    public long BlockOffset => Offset + JournalFormat.HeadSize + sizeof(uint) + Json.Length;
}
