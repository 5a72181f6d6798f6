using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A block that a <see cref="SimulatedChain"/> took in: part of the chain, or a lost race.</summary>
public sealed record SimulatedBlock
{
    /// <summary>The block's id: the coin's <see cref="Coin.BlockId"/> of the header.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>Blocks below it, the pretended ones below the chain's first included.</summary>
    public required long Height { get; init; }

    /// <summary>The 80 bytes, read.</summary>
    public required BlockHeader Header { get; init; }

    /// <summary>The whole block as it was submitted, a missing coinbase witness added; empty once pruned.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Transactions, coinbase included.</summary>
    public required int TransactionCount { get; init; }

    /// <summary>What the outputs of the coinbase add up to, in the coin's smallest unit.</summary>
    public required long Reward { get; init; }

    /// <summary>When the chain took it in.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
