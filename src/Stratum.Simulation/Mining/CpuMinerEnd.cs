namespace Stratum.Simulation;

/// <summary>Why a <see cref="CpuMiner"/> ended.</summary>
/// <param name="Reason">The kind of end.</param>
/// <param name="Text">In words for people: the pool's, where it refused.</param>
public readonly record struct CpuMinerEnd(CpuMinerEndReason Reason, string Text)
{
    /// <summary>Whether it did what it was to do; a command exits with 0 then.</summary>
    public bool IsSuccess =>
        Reason is CpuMinerEndReason.SharesReached or CpuMinerEndReason.DurationReached or CpuMinerEndReason.Cancelled;
}
