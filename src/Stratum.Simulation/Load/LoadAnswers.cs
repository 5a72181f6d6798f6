namespace Stratum.Simulation;

/// <summary>How many shares were answered, by kind.</summary>
/// <param name="Accepted">Taken.</param>
/// <param name="LowDifficulty">Refused with code 23, or in words that say so.</param>
/// <param name="Stale">Refused with code 21: of a job that is replaced.</param>
/// <param name="Duplicate">Refused with code 22.</param>
/// <param name="OtherRefused">Refused in any other way.</param>
public readonly record struct LoadAnswers(long Accepted, long LowDifficulty, long Stale, long Duplicate, long OtherRefused)
{
    /// <summary>All of them.</summary>
    public long Sum => Accepted + LowDifficulty + Stale + Duplicate + OtherRefused;
}
