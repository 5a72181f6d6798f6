namespace Stratum.Mining;

/// <summary>A hash of 32 bytes. Safe for use from many threads.</summary>
/// <param name="data">What is hashed.</param>
/// <param name="hash">32 bytes, in hash order.</param>
public delegate void HashFunction(ReadOnlySpan<byte> data, Span<byte> hash);
