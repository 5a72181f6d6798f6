using Stratum.Daemon;

namespace Stratum.Pool;

/// <summary>What was found when a daemon was there for the first time.</summary>
/// <param name="Daemon">Which.</param>
/// <param name="Health">What it says of itself.</param>
/// <param name="OwnsAddress">Whether its wallet owns the address that is paid; null when it has none that can say.</param>
/// <param name="Warnings">A sentence for each thing that an operator should look at; none when all is well.</param>
public sealed record DaemonCheck(
    CoinDaemon Daemon, DaemonHealth Health, bool? OwnsAddress, IReadOnlyList<string> Warnings);
