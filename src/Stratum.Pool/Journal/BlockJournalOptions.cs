using Microsoft.Extensions.Logging;

namespace Stratum.Pool;

/// <summary>How patient a <see cref="BlockJournal"/> is.</summary>
public sealed record BlockJournalOptions
{
    /// <summary>A write that takes longer is reported as <see cref="JournalTroubleKind.Slow"/>.</summary>
    /// <value>1 s: a healthy disk takes a block into its cache within milliseconds.</value>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A flush that takes longer is reported as <see cref="JournalTroubleKind.FlushSlow"/>.</summary>
    /// <value>10 s: a busy hard disk takes seconds, and nothing waits for it.</value>
    public TimeSpan FlushSlowAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long <see cref="BlockJournal.Dispose"/> waits for what is not written yet.</summary>
    /// <value>5 s: a disk that hangs must not keep the pool from ending.</value>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of blocks that may wait for a disk that hangs.</summary>
    /// <value>256 MiB: some sixty full blocks, hours of finds.</value>
    public long MaxWaitingBytes { get; init; } = 256L << 20;

    /// <summary>Records that may wait for a disk that hangs.</summary>
    /// <value>10,000: more than a regtest finds in a minute.</value>
    public int MaxWaitingRecords { get; init; } = 10_000;

    /// <summary>Troubles, damage found, and handlers that threw.</summary>
    /// <value>None.</value>
    public ILoggerFactory? LoggerFactory { get; init; }
}
