namespace Stratum.Daemon;

/// <summary>What a daemon's notify command told.</summary>
/// <param name="Kind">What of.</param>
/// <param name="Data">A block's hash, a transaction's id, or an alert's text: as it came, so anything.</param>
public sealed record DaemonNotice(NotifyKind Kind, string Data);
