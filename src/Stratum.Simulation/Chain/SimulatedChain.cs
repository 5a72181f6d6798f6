using System.Numerics;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// A block chain in memory, with one node's view of it: templates to mine on, a mempool that moves, and blocks that
/// are validated as a real node does, down to its words. The difficulty follows whoever mines, so that about one
/// block per <see cref="SimulatedChainOptions.BlockTime"/> is found at any hash rate. Safe for concurrent use.
/// </summary>
public sealed partial class SimulatedChain : IDisposable
{
    // A pause of the machine or of a debugger is not made up for by a mempool full of transactions at once.
    private const int MostTransactionsAtOnce = 8;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly BlockRules _rules;
    private readonly Mempool _mempool;
    private readonly ChainStore _store;
    private readonly BlockPace _pace;
    private readonly Target _easiest;
    private readonly PeerGroup _group;
    private readonly CoinState _coins = new();
    private readonly ITimer _timer;

    private TaskCompletionSource _changed = NewSignal();
    private long _revision;
    private long _tipSince;
    private long _transactionSince;
    private CompactTarget _bits;
    private TemplateSnapshot? _snapshot;
    private bool _disposed;

    /// <summary>Starts a chain of its own; nothing is shared with others, nothing is stored.</summary>
    /// <exception cref="ArgumentException">An option makes no sense; the text says which.</exception>
    public SimulatedChain(SimulatedChainOptions? options = null)
        : this(options ?? new SimulatedChainOptions(), new PeerGroup(), null)
    {
    }

    private SimulatedChain(SimulatedChainOptions options, PeerGroup group, SimulatedBlock? first)
    {
        Options = options;
        options.Check();
        Network = Options.Network ?? (Coin.Networks.FirstOrDefault(n => n.Name == "regtest") ?? Coin.Networks[0])
            with { DifficultyMayExceedNetwork = true };
        _group = group;
        _time = Options.TimeProvider;
        HasWitness = !Options.LegacyOnly && Coin.TemplateRules.Contains("segwit");
        SignetChallenge = Options.SignetChallenge
            ?? (Network.ChainName == "signet" ? (ReadOnlyMemory<byte>?)new byte[] { 0x51 } : null);
        _rules = new BlockRules(Coin, Options.Subsidy, HasWitness, Options.MwebHeight, SignetChallenge);
        _mempool = new Mempool(
            new PretendTransactionFactory(Options.Seed, HasWitness), group.Transactions, Options.TransactionsPerBlock);

        var limit = new CompactTarget(0x207fffff).ToTarget();
        var wanted = Options.MinimumDifficulty is { } minimum
            ? Target.FromDifficulty(minimum, Coin.DifficultyScale) : limit;
        _easiest = wanted.CompareTo(limit) < 0 ? wanted : limit;
        _pace = new BlockPace(_easiest.ToDifficulty(Coin.DifficultyScale).Value, Options.MaximumDifficulty.Value);
        _bits = CompactTarget.FromTarget(_easiest);

        _store = new ChainStore(first ?? FirstBlock.Create(Options, Network, _bits), Options.BlocksToKeep);
        _transactionSince = _time.GetTimestamp();
        _timer = _time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            BeginTip(Options.TransactionsPerBlock);
            Advance();
        }

        group.Join(this);
    }

    /// <summary>
    /// A block became part of the chain. Raised when the next template is ready, on the submitter's thread.
    /// </summary>
    public event Action<SimulatedBlock>? BlockConnected;

    /// <summary>A block fell out of the chain: another branch is longer, or it was made invalid or forgotten.</summary>
    public event Action<SimulatedBlock>? BlockDisconnected;

    /// <summary>The current template was replaced: a new tip, transaction or difficulty.</summary>
    public event Action? TemplateChanged;

    /// <summary>What the chain was made of.</summary>
    public SimulatedChainOptions Options { get; }

    /// <summary>The coin whose rules hold.</summary>
    public Coin Coin => Options.Coin;

    /// <summary>The network that addresses belong to.</summary>
    public CoinNetwork Network { get; }

    /// <summary>The highest block of the chain.</summary>
    public SimulatedBlock Tip
    {
        get
        {
            lock (_gate)
            {
                return _store.Tip.Block;
            }
        }
    }

    /// <summary>The tip's height.</summary>
    public long Height => Tip.Height;

    /// <summary>What the next block must meet at this moment, in the coin's units.</summary>
    public Difficulty Difficulty
    {
        get
        {
            lock (_gate)
            {
                Advance();
                return _bits.ToTarget().ToDifficulty(Coin.DifficultyScale);
            }
        }
    }

    /// <summary>A block of the chain by its height; null below the chain's first block and above the tip.</summary>
    public SimulatedBlock? FindBlock(long height)
    {
        lock (_gate)
        {
            return _store.Find(height)?.Block;
        }
    }

    /// <summary>A block by its hash, a lost race too (see <see cref="Confirmations"/>); null when unknown.</summary>
    public SimulatedBlock? FindBlock(Hash256 hash)
    {
        lock (_gate)
        {
            return _store.Find(hash)?.Block;
        }
    }

    /// <summary>1 for the tip, 2 for the block below it...; -1 for a block that is not part of the chain.</summary>
    public long Confirmations(SimulatedBlock block)
    {
        lock (_gate)
        {
            return _store.IsOnChain(block) ? _store.Tip.Block.Height - block.Height + 1 : -1;
        }
    }

    /// <summary>
    /// Returns when the template with this <see cref="BlockTemplate.LongPollId"/> is no longer the current one; at
    /// once for one that never was.
    /// </summary>
    public async Task WaitForChangeAsync(string? longPollId, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                Advance();
                if (longPollId != LongPollId())
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts one more transaction into the mempool now, whatever the interval; the answer is its id.</summary>
    public Hash256 AddTransaction()
    {
        Hash256 added;
        lock (_gate)
        {
            added = _mempool.Add(_store.Tip.Block.Height).Template.TxId;
            Change();
        }

        TemplateChanged?.Invoke();
        return added;
    }

    /// <summary>Stops the clockwork. Whoever waits for a change is left waiting until cancelled.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
        }

        _group.Leave(this);
    }

    /// <summary>Whether blocks may have witnesses (BIP 141).</summary>
    internal bool HasWitness { get; }

    /// <summary>The script that signs blocks (BIP 325); null where there is none.</summary>
    internal ReadOnlyMemory<byte>? SignetChallenge { get; }

    /// <summary>Expected hashes of all blocks together.</summary>
    internal BigInteger Work
    {
        get
        {
            lock (_gate)
            {
                return _store.Tip.Work;
            }
        }
    }

    /// <summary>The median of the times of up to 11 blocks that end with this one.</summary>
    internal uint MedianTime(SimulatedBlock block)
    {
        lock (_gate)
        {
            return _store.Find(block.Hash) is { } entry ? ChainStore.MedianTime(entry) : block.Header.Time;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
