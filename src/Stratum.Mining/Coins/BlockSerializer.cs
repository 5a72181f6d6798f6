namespace Stratum.Mining;

/// <summary>Puts a block together as its network wants it.</summary>
/// <param name="header">80 bytes.</param>
/// <param name="coinbase">As it stands in a block.</param>
/// <param name="template">Its other transactions.</param>
public delegate byte[] BlockSerializer(ReadOnlySpan<byte> header, ReadOnlySpan<byte> coinbase, BlockTemplate template);
