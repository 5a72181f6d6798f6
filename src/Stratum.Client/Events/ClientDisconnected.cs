namespace Stratum.Client;

/// <summary>A connection ended; its jobs are worthless.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Reason">Why, in words for people; the first reason counts.</param>
/// <param name="WillReconnect">Whether the client goes on.</param>
public readonly record struct ClientDisconnected(StratumUrl Url, Exception Reason, bool WillReconnect);
