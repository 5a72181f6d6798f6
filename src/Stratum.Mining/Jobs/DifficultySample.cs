namespace Stratum.Mining;

/// <summary>What one session did since its difficulty was last set.</summary>
/// <param name="Current">The difficulty that it mines at.</param>
/// <param name="Elapsed">Since the first job at that difficulty was sent.</param>
/// <param name="Shares">Accepted since then.</param>
/// <param name="Minimum">The floor that operator and miner agreed on.</param>
/// <param name="UserAgent">What the miner calls itself; null when it did not say.</param>
public readonly record struct DifficultySample(
    Difficulty Current, TimeSpan Elapsed, int Shares, Difficulty Minimum, string? UserAgent);
