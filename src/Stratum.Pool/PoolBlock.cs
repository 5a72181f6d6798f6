using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>A found block and what the daemon said.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its id.</param>
/// <param name="Worker">Who found it.</param>
/// <param name="Accepted">Whether the daemon took it.</param>
/// <param name="Reason">The daemon's word when it did not; null when it did.</param>
public sealed record PoolBlock(long Height, Hash256 Hash, WorkerName Worker, bool Accepted, string? Reason);
