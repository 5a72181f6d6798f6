namespace Stratum.Mining;

/// <summary>An output of the coinbase.</summary>
/// <param name="Value">In the coin's smallest unit.</param>
/// <param name="Script">The scriptPubKey.</param>
public sealed record CoinbaseOutput(long Value, ReadOnlyMemory<byte> Script);
