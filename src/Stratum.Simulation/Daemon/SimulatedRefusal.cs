namespace Stratum.Simulation;

/// <summary>What <c>submitblock</c> answers while the daemon takes no blocks.</summary>
/// <param name="Text">The result, as <c>rejected</c> or <c>inconclusive</c>; with a code, the error's text.</param>
/// <param name="Code">The error's code, as -22 or -25; null: no error but a result.</param>
public sealed record SimulatedRefusal(string Text, int? Code = null);
