namespace Stratum.Server;

/// <summary>A session ended.</summary>
/// <param name="Session">It can no longer send.</param>
/// <param name="Reason">The first reason.</param>
public readonly record struct SessionClosedEvent(StratumSession Session, DisconnectReason Reason);
