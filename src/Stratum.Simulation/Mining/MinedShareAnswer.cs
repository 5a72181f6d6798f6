using Stratum.Client;

namespace Stratum.Simulation;

/// <summary>What the pool said to a share.</summary>
/// <param name="Share">The share.</param>
/// <param name="Result">The pool's answer.</param>
public readonly record struct MinedShareAnswer(MinedShare Share, SubmitResult Result);
