namespace Stratum.Server;

/// <summary>A line that could not be read.</summary>
/// <param name="Session">Where it came from.</param>
/// <param name="Text">What was wrong with it.</param>
/// <param name="Count">How many such lines this session has sent.</param>
public readonly record struct ProtocolErrorEvent(StratumSession Session, string Text, int Count);
