namespace Stratum.Simulation;

/// <summary>The ways in which a <see cref="CpuMiner"/> ends.</summary>
public enum CpuMinerEndReason
{
    /// <summary>As many shares as wanted were accepted.</summary>
    SharesReached,

    /// <summary>The time is up.</summary>
    DurationReached,

    /// <summary>The caller ended it.</summary>
    Cancelled,

    /// <summary>The pool was away for longer than the options allow.</summary>
    PoolLost,

    /// <summary>The pool refused the login.</summary>
    LoginRefused,
}
