namespace Stratum.Pool;

/// <summary>Where a journal's bytes go: a file, or in tests a disk with moods.</summary>
internal interface IJournalDisk
{
    /// <summary>All of it, or an exception; it may take as long as the disk takes.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when all that was written survives a loss of power.</summary>
    void Flush();
}
