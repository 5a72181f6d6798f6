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
    private readonly bool _witness;
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
    {
        Options = options ?? new SimulatedChainOptions();
        Require(Options.BlockTime > TimeSpan.Zero, "BlockTime must be above zero");
        Require(Options.JobInterval > TimeSpan.Zero || Options.JobInterval == Timeout.InfiniteTimeSpan,
            "JobInterval must be above zero, or Timeout.InfiniteTimeSpan for never");
        Require(Options.StartHeight >= 1, "StartHeight must be 1 or more");
        Require(Options.Subsidy >= 0, "Subsidy must not be negative");

        Network = Options.Network ?? (Coin.Networks.FirstOrDefault(n => n.Name == "regtest") ?? Coin.Networks[0])
            with { DifficultyMayExceedNetwork = true };
        _time = Options.TimeProvider;
        _witness = Coin.TemplateRules.Contains("segwit");
        _rules = new BlockRules(Coin, Options.Subsidy, _witness);
        _mempool = new Mempool(new PretendTransactionFactory(Options.Seed, _witness));

        var limit = new CompactTarget(0x207fffff).ToTarget();
        var wanted = Options.MinimumDifficulty is { } minimum
            ? Target.FromDifficulty(minimum, Coin.DifficultyScale) : limit;
        _easiest = wanted.CompareTo(limit) < 0 ? wanted : limit;
        _pace = new BlockPace(_easiest.ToDifficulty(Coin.DifficultyScale).Value, Options.MaximumDifficulty.Value);
        _bits = CompactTarget.FromTarget(_easiest);

        _store = new ChainStore(FirstBlock.Create(Options, _bits), Options.BlocksToKeep);
        _transactionSince = _time.GetTimestamp();
        _timer = _time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            BeginTip();
            Advance();
        }
    }

    /// <summary>A block became the tip. Raised when the next template is ready, on the submitter's thread.</summary>
    public event Action<SimulatedBlock>? BlockConnected;

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
                return _store.Tip;
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
            return _store.Find(height);
        }
    }

    /// <summary>A block by its hash, a lost race too (see <see cref="Confirmations"/>); null when unknown.</summary>
    public SimulatedBlock? FindBlock(Hash256 hash)
    {
        lock (_gate)
        {
            return _store.Find(hash);
        }
    }

    /// <summary>1 for the tip, 2 for the block below it...; -1 for a block that is not part of the chain.</summary>
    public long Confirmations(SimulatedBlock block)
    {
        lock (_gate)
        {
            return _store.IsOnChain(block) ? _store.Tip.Height - block.Height + 1 : -1;
        }
    }

    /// <summary>Work for miners, as <c>getblocktemplate</c> gives it.</summary>
    public BlockTemplate GetTemplate() => Snapshot().Template;

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
            added = _mempool.Add(_store.Tip.Height).Template.TxId;
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
    }

    /// <summary>Expected hashes of all blocks together.</summary>
    internal BigInteger Work
    {
        get
        {
            lock (_gate)
            {
                return _store.Work;
            }
        }
    }

    /// <summary>The median of the times of up to 11 blocks that end with this one of the chain.</summary>
    internal uint MedianTime(SimulatedBlock block)
    {
        lock (_gate)
        {
            return _store.MedianTime(block);
        }
    }

    internal TemplateSnapshot Snapshot()
    {
        lock (_gate)
        {
            Advance();
            _snapshot ??= CreateSnapshot();
            uint now = Math.Max((uint)_time.GetUtcNow().ToUnixTimeSeconds(), _snapshot.Template.MinTime);
            return _snapshot with { Template = _snapshot.Template with { CurTime = now } };
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise + ".", "options");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
