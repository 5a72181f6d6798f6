namespace Stratum.Client;

/// <summary>A connection will be tried.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Attempt">From 1; back to 1 once a connection held for a while.</param>
/// <param name="Delay">How long the client waits before it.</param>
/// <param name="Reason">What went wrong last.</param>
public readonly record struct ClientReconnecting(StratumUrl Url, int Attempt, TimeSpan Delay, Exception Reason);
