using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>A found block and what became of it so far.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its id.</param>
/// <param name="Worker">Who found it.</param>
/// <param name="State">What became of it.</param>
/// <param name="Confirmations">Blocks of the best chain from it on, itself included; -1 when the daemon has it beside its best
/// chain, 0 when nobody was asked yet.</param>
/// <param name="Daemon">The daemon whose word this is; null when no single one's.</param>
/// <param name="Reason">The daemon's own word for what is not good news (<c>inconclusive</c>, <c>high-hash</c>); else null.</param>
public sealed record PoolBlock(
    long Height, Hash256 Hash, WorkerName Worker, BlockState State, int Confirmations, string? Daemon, string? Reason)
{
    /// <summary>Whether it is in a daemon's best chain, as far as is known.</summary>
    public bool Accepted => State is BlockState.Accepted or BlockState.Deep;
}
