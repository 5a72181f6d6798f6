namespace Stratum.Mining;

/// <summary>The extranonce space and the memory of a <see cref="WorkSource"/>.</summary>
public sealed record WorkSourceOptions
{
    /// <summary>Bytes of the session's part of the coinbase.</summary>
    /// <value>Default 4 (as nearly every pool); 2..16, chained proxies lengthen it.</value>
    public int Extranonce1Size { get; init; } = 4;

    /// <summary>Bytes of the miner's part of the coinbase.</summary>
    /// <value>Default 8; 2..8: cgminer refuses less than 2, some firmware fails above 8, proxies and rentals need
    /// 4.</value>
    public int Extranonce2Size { get; init; } = 8;

    /// <summary>Version bits offered before the first job says what its coin allows.</summary>
    /// <value>Default 1fffe000 (BIP 320); 0 for coins whose version carries meaning.</value>
    public uint VersionMask { get; init; } = 0x1fffe000;

    /// <summary>Jobs that are remembered.</summary>
    /// <value>Default 256: a job a second for minutes while many miners change their difficulty.</value>
    public int MaxJobs { get; init; } = 256;

    /// <summary>How long a job is remembered after a newer one replaced it.</summary>
    /// <value>Default 10 minutes, as ckpool: no miner works longer on one job.</value>
    public TimeSpan MaxJobAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Shares remembered per previous block, to recognise duplicates.</summary>
    /// <value>Default 4,194,304 (about 100 MB at the most, grown as needed; the block before keeps its own).</value>
    public int MaxSeenShares { get; init; } = 1 << 22;

    internal void Validate()
    {
        if (Extranonce1Size is < 2 or > 16)
            throw new ArgumentOutOfRangeException(nameof(Extranonce1Size), Extranonce1Size,
                "extranonce1 must have 2 to 16 bytes; the default is 4.");
        if (Extranonce2Size is < 2 or > 8)
            throw new ArgumentOutOfRangeException(nameof(Extranonce2Size), Extranonce2Size,
                "extranonce2 must have 2 to 8 bytes (cgminer refuses less, some firmware fails above); the default is 8.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxJobs, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSeenShares, 1024);
    }
}
