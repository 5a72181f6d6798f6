namespace Stratum.Pool;

/// <summary>How old the work is that miners are given.</summary>
/// <param name="State">What that means for them.</param>
/// <param name="Age">Since a daemon gave the last template.</param>
/// <param name="Text">A sentence for the operator.</param>
public sealed record WorkAge(WorkState State, TimeSpan Age, string Text);
