using Stratum.Daemon;

namespace Stratum.Pool;

/// <summary>How one of the pool's daemons is now.</summary>
/// <param name="Daemon">Which.</param>
/// <param name="Status">How it is.</param>
/// <param name="IsCurrent">Whether the work comes from it.</param>
public sealed record DaemonChange(CoinDaemon Daemon, DaemonStatus Status, bool IsCurrent);
