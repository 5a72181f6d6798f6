using Stratum.Mining;

namespace Stratum.Server;

/// <summary>A worker was let in.</summary>
/// <param name="Session">Where it logged in.</param>
/// <param name="Worker">Its name.</param>
public readonly record struct WorkerAuthorizedEvent(StratumSession Session, WorkerName Worker);
