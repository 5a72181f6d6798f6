using System.Numerics;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A block in the tree of blocks, with what is known about it beyond its bytes.</summary>
internal sealed class ChainEntry(SimulatedBlock block, ChainEntry? parent, long order)
{
    /// <summary>Replaced by one without bytes when it is pruned.</summary>
    public SimulatedBlock Block { get; set; } = block;

    public ChainEntry? Parent { get; } = parent;

    /// <summary>Blocks came in this order: of two branches of one length the first is followed.</summary>
    public long Order { get; } = order;

    /// <summary>Expected hashes from the chain's first block up to this one.</summary>
    public BigInteger Work { get; } =
        (parent?.Work ?? BigInteger.Zero) + ChainStore.WorkOf(block.Header.Bits);

    /// <summary>Its transactions but coinbase and HogEx; null until its coins were checked.</summary>
    public IReadOnlyList<PretendTransaction>? Transactions { get; set; }

    /// <summary>The block as it was read, until its coins are checked; null: read the bytes again.</summary>
    public DecodedBlock? Decoded { get; set; }

    /// <summary>Id of the last HogEx up to here, which the next one spends; zero where there was none.</summary>
    public Hash256 HogEx { get; init; } = parent?.HogEx ?? Hash256.Zero;

    /// <summary>Broke a rule, or was condemned by <c>invalidateblock</c>: no branch through it is followed.</summary>
    public bool Refused { get; set; }
}
