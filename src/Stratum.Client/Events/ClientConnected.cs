namespace Stratum.Client;

/// <summary>
/// A connection is ready for calls; after a reconnect everything asked for before was asked for again.
/// </summary>
/// <param name="Url">Where to.</param>
/// <param name="IsReconnect">Whether there was a connection before.</param>
public readonly record struct ClientConnected(StratumUrl Url, bool IsReconnect);
