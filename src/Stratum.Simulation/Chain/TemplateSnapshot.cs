using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A template with what only the daemon's JSON tells beside it.</summary>
internal sealed record TemplateSnapshot(BlockTemplate Template, IReadOnlyList<PretendTransaction> Transactions);
