using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>What a <see cref="SimulatedChain"/> is made of. Immutable: change a copy by <c>with</c>.</summary>
public sealed record SimulatedChainOptions
{
    /// <summary>The coin whose rules and proof of work hold.</summary>
    /// <value>Bitcoin, because its proof of work costs a test the least.</value>
    public Coin Coin { get; init; } = Coin.Bitcoin;

    /// <summary>The network, for addresses and <c>getblockchaininfo.chain</c>.</summary>
    /// <value>Null: the coin's <c>regtest</c>, else its first; a share may be harder than a block.</value>
    public CoinNetwork? Network { get; init; }

    /// <summary>What the difficulty aims at: the mean time from one block to the next.</summary>
    /// <value>1 second: somebody who watches sees blocks, and a header's time still moves from block to block.</value>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a transaction enters the mempool, so that templates of one height differ.</summary>
    /// <value>5 s, as a bitcoind refreshes templates; <see cref="Timeout.InfiniteTimeSpan"/>: never.</value>
    public TimeSpan JobInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Transactions that enter the mempool with each new tip.</summary>
    /// <value>3, one without a witness and two with: merkle branch and commitment always matter.</value>
    public int TransactionsPerBlock { get; init; } = 3;

    /// <summary>The easiest that a block may be, in the coin's units (<see cref="Coin.DifficultyScale"/>).</summary>
    /// <value>Null: bits <c>207fffff</c>, regtest's limit, where every second hash is a block.</value>
    public Difficulty? MinimumDifficulty { get; init; }

    /// <summary>The hardest that a block may become, in the coin's units.</summary>
    /// <value>1e9, about 4 EH/s at a block a second: nobody simulates more, and a way back from there exists.</value>
    public Difficulty MaximumDifficulty { get; init; } = new(1e9);

    /// <summary>The height of the first block to be found; the chain's first block lies one below.</summary>
    /// <value>1. Use 16 for the border where BIP 34 heights change from <c>OP_16</c> to pushed numbers.</value>
    public long StartHeight { get; init; } = 1;

    /// <summary>New money of each block in the coin's smallest unit; fees come on top. It never halves.</summary>
    /// <value>50 coins of 100,000,000 units.</value>
    public long Subsidy { get; init; } = 50_0000_0000;

    /// <summary>What the pretend transactions are derived from: same seed and clock, same templates.</summary>
    /// <value>1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Blocks whose bytes are kept; of older ones only the header stays, as on a pruned node.</summary>
    /// <value>10,000: some 10 MB, three hours at a block a second.</value>
    public int BlocksToKeep { get; init; } = 10_000;

    /// <summary>The clock.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
