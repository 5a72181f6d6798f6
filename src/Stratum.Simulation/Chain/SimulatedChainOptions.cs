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

    /// <summary>Fills the mempool at each new tip until a block is full.</summary>
    /// <value>False. True: some 5,000 transactions and a weight of 4,000,000, 1.5 MB kept for each block.</value>
    public bool FullBlocks { get; init; }

    /// <summary>A chain from before BIP 141: no witness, no commitment, and no rules to ask a template with.</summary>
    /// <value>False: segwit where the coin has it.</value>
    public bool LegacyOnly { get; init; }

    /// <summary>The <c>version</c> of templates. Blocks may carry any other from 4 on, as for a node.</summary>
    /// <value>20000000 in hex: nothing is signalled. Litecoin's regtest has 30000010 at heights 144..431.</value>
    public uint Version { get; init; } = 0x20000000;

    /// <summary>The <c>vbrequired</c> of templates: version bits that miners must leave as they are.</summary>
    /// <value>0. No block is refused for its bits: a node does not; see <see cref="SimulatedBlock.Header"/>.</value>
    public uint VersionBitsRequired { get; init; }

    /// <summary>The <c>vbavailable</c> of templates: what is being voted on, name to number of the bit.</summary>
    /// <value>Empty. Litecoin's regtest before block 432: <c>mweb</c> with 4.</value>
    public IReadOnlyDictionary<string, int> VersionBitsAvailable { get; init; } = new Dictionary<string, int>();

    /// <summary>What <c>coinbaseaux.flags</c> asks for in the coinbase. A block without it is good, too.</summary>
    /// <value>Empty: <c>coinbaseaux</c> is <c>{}</c>, as of every recent node.</value>
    public ReadOnlyMemory<byte> CoinbaseFlags { get; init; }

    /// <summary>The script that blocks of a signet are signed for (BIP 325).</summary>
    /// <value>
    /// Null: 51 (OP_TRUE, which every block meets) on a network called signet, none on others. Of another script's
    /// blocks only the presence of a solution is checked.
    /// </value>
    public ReadOnlyMemory<byte>? SignetChallenge { get; init; }

    /// <summary>The first height with Litecoin's extension block and a HogEx at the end of the transactions.</summary>
    /// <value>Null: never. Litecoin's regtest has 432.</value>
    public long? MwebHeight { get; init; }

    /// <summary>How long ago the chain's first block was found.</summary>
    /// <value>
    /// 10 minutes: templates have the clock's time, and the node counts as synced. Below zero it lies in the future,
    /// and with it <c>mintime</c> and <c>curtime</c> of templates, as after many blocks within a second.
    /// </value>
    public TimeSpan FirstBlockAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the pretend transactions are derived from: same seed and clock, same templates.</summary>
    /// <value>1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Blocks whose bytes are kept; of older ones only the header stays, as on a pruned node.</summary>
    /// <value>10,000: some 10 MB, three hours at a block a second.</value>
    public int BlocksToKeep { get; init; } = 10_000;

    /// <summary>The clock.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">An option makes no sense; the text says which.</exception>
    internal void Check()
    {
        Require(BlockTime > TimeSpan.Zero, "BlockTime must be above zero");
        Require(JobInterval > TimeSpan.Zero || JobInterval == Timeout.InfiniteTimeSpan,
            "JobInterval must be above zero, or Timeout.InfiniteTimeSpan for never");
        Require(StartHeight >= 1, "StartHeight must be 1 or more");
        Require(Subsidy >= 0, "Subsidy must not be negative");
        Require(Version is >= 4 and <= int.MaxValue, "Version must lie in 4..7fffffff, or every block is refused");
        Require(MwebHeight is null || (Coin.TemplateRules.Contains("mweb") && !LegacyOnly),
            "MwebHeight needs a coin with the template rule mweb, and segwit");
        Require(SignetChallenge is null || !LegacyOnly, "SignetChallenge needs segwit, which LegacyOnly takes away");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise + ".", "options");
        }
    }
}
