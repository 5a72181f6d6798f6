using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>A template, and where it is from.</summary>
/// <param name="Daemon">Who gave it.</param>
/// <param name="Template">The work.</param>
/// <param name="ReceivedAt">Our clock when it came; its age is the work's age.</param>
public sealed record DaemonTemplate(CoinDaemon Daemon, BlockTemplate Template, DateTimeOffset ReceivedAt);
