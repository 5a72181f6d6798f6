using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A template with what only the daemon's JSON tells beside it.</summary>
/// <param name="Template">What is mined on.</param>
/// <param name="Transactions">Those of the template, with what they spend.</param>
/// <param name="Waiting">The mempool.</param>
internal sealed record TemplateSnapshot(
    BlockTemplate Template, IReadOnlyList<PretendTransaction> Transactions, IReadOnlyList<PretendTransaction> Waiting);
