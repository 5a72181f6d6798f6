using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// A transaction of the simulated mempool: well formed, with right ids, about coins that nobody has. Its one input
/// spends an output of a transaction that may itself wait in the mempool.
/// </summary>
internal sealed record PretendTransaction(TemplateTransaction Template, Hash256 SpentTransaction, uint SpentOutput);
