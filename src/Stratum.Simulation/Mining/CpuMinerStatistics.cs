namespace Stratum.Simulation;

/// <summary>What a <see cref="CpuMiner"/> has done so far.</summary>
/// <param name="Hashes">Headers that were hashed.</param>
/// <param name="HashRate">Hashes a second since the first job.</param>
/// <param name="Accepted">Shares that the pool accepted.</param>
/// <param name="Stale">Shares that the pool refused with code 21.</param>
/// <param name="Rejected">Shares that the pool refused with any other code.</param>
/// <param name="Unanswered">Shares whose fate is unknown: the connection was lost, or no answer came.</param>
/// <param name="Jobs">Jobs that were received.</param>
/// <param name="FirstAccepted">From the start to the first accepted share; null before it.</param>
public readonly record struct CpuMinerStatistics(
    long Hashes,
    double HashRate,
    long Accepted,
    long Stale,
    long Rejected,
    long Unanswered,
    long Jobs,
    TimeSpan? FirstAccepted);
