namespace Stratum.Mining;

/// <summary>The set of seen shares reached its cap and forgot some; judging goes on.</summary>
/// <param name="Forgotten">Entries dropped.</param>
/// <param name="OfLiveJobs">Of these, entries of jobs that still take shares: their duplicates would now be
/// counted.</param>
public readonly record struct SeenSharesTrimmed(int Forgotten, int OfLiveJobs);
