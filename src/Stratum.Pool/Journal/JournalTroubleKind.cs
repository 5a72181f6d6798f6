namespace Stratum.Pool;

/// <summary>How a journal's disk is.</summary>
public enum JournalTroubleKind
{
    /// <summary>All is well again: what comes now is written.</summary>
    Well,

    /// <summary>Writes return, but the disk could not be made to keep them: a loss of power may lose them.</summary>
    FlushFailed,

    /// <summary>Writes return, but the disk takes longer than <see cref="BlockJournalOptions.FlushSlowAfter"/> to keep them.</summary>
    FlushSlow,

    /// <summary>A write has been under way for longer than <see cref="BlockJournalOptions.SlowAfter"/>.</summary>
    Slow,

    /// <summary>The file was removed, replaced or cut by somebody else: what it held is gone, and a file of that name is written
    /// from now on. Whoever has blocks that are open gives them again.</summary>
    Lost,

    /// <summary>A record was not written: full, read-only, I/O error.</summary>
    WriteFailed,
}
