namespace Stratum.Pool;

/// <summary>A journal's disk became another one than it was.</summary>
/// <param name="Kind">How it is now.</param>
/// <param name="Text">A sentence for the operator.</param>
public sealed record JournalTrouble(JournalTroubleKind Kind, string Text);
