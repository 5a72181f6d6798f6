using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>
/// Keeps every found block until it is safe: into the journal, to all daemons at once, and to each of them again until the
/// block lies deep in the chain or is definitely refused.
/// </summary>
internal sealed class BlockKeeper : IAsyncDisposable
{
    // A healthy disk takes a block in a millisecond. A slow one must not cost the race, nor a hung one the miner's session.
    private static readonly TimeSpan s_submitDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_writePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_writePause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, KeptBlock> _open = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly DaemonGroup _daemons;
    private readonly BlockJournal? _journal;
    private readonly MiningPoolOptions _options;
    private readonly Action<string> _notify;
    private readonly PoolLog _log;
    private readonly Dictionary<CoinDaemon, DaemonOffers> _offers;
    private readonly Confirmations _confirmations;

    /// <param name="daemons">Who gets the blocks.</param>
    /// <param name="journal">Where they are written; its open entries are taken over.</param>
    /// <param name="options">The pool's.</param>
    /// <param name="notify">Hears what the operator should know.</param>
    /// <param name="log">The pool's.</param>
    public BlockKeeper(DaemonGroup daemons, BlockJournal? journal, MiningPoolOptions options, Action<string> notify, PoolLog log)
    {
        (_daemons, _journal, _options, _notify, _log) = (daemons, journal, options, notify, log);
        _offers = daemons.Daemons.ToDictionary(daemon => daemon,
            daemon => new DaemonOffers(daemon, journal is not null, OnAnswered, notify, options.TimeProvider));
        _confirmations = new Confirmations(options.Confirmations, Open, OnLooked, OnForgotten);
        daemons.Reconnected += OnReconnected;
    }

    /// <summary>A block was found; it is written and on its way.</summary>
    public event Action<PoolBlock>? Found;

    /// <summary>The first definite word on a block.</summary>
    public event Action<PoolBlock>? Submitted;

    /// <summary>It became something else after that.</summary>
    public event Action<PoolBlock>? Changed;

    /// <summary>The blocks that are not safe yet, lowest first.</summary>
    public IReadOnlyList<KeptBlock> Open()
    {
        lock (_gate)
            return [.. _open.Values.OrderBy(block => block.Height)];
    }

    /// <summary>Takes over what an earlier run has left open.</summary>
    public void TakeOver()
    {
        foreach (var entry in _journal?.Entries ?? [])
        {
            if (!entry.IsOpen || entry.Coin != _options.Coin.Name || entry.Network != _options.Network.Name)
                continue;
            try
            {
                var block = new KeptBlock(new JournalBlock
                {
                    Hash = entry.Hash,
                    Height = entry.Height,
                    Coin = entry.Coin,
                    Network = entry.Network,
                    Worker = entry.Worker,
                    FoundAt = entry.FoundAt,
                    Bytes = _journal!.ReadBlock(entry),
                });
                lock (_gate)
                    _open[entry.Hash] = block.As(entry);
            }
            catch (JournalException error)
            {
                _notify(error.Message);
            }
        }
    }

    /// <summary>Writes every block that is not safe yet once more: the journal's file was lost.</summary>
    public void WriteAll()
    {
        foreach (var block in Open())
            Keep(WriteAgainAsync(block, WriteAsync(block.Entry)));
    }

    /// <summary>Takes a block over. The task ends when it is written; a disk that fails or hangs ends it too.</summary>
    public Task FoundAsync(BlockCandidate candidate)
    {
        byte[] bytes;
        try
        {
            bytes = candidate.AssembleBlock();
        }
        catch (Exception error)
        {
            // The coin's own layout failed; nobody else hears of it.
            _log.BlockNotAssembled(candidate.Height, candidate.BlockId, error);
            _notify($"Block {candidate.Height} {candidate.BlockId} was found and cannot be assembled: {error.Message}");
            return Task.CompletedTask;
        }
        var block = new KeptBlock(Entry(candidate, bytes));
        var write = WriteAsync(block.Entry);
        block.Written = PatientlyAsync(block, write);
        lock (_gate)
        {
            // Only now may a daemon that comes back be offered it.
            if (!_open.TryAdd(block.Hash, block))
                return _open[block.Hash].Written;
            block.Told = TellFoundAsync(block);
            Keep(block.Told);
        }
        Keep(StartAsync(block, write));
        return block.Written;
    }

    /// <summary>There is a new tip: how deep do the blocks lie?</summary>
    public void LookAt(CoinDaemon daemon, long tipHeight) => _confirmations.Look(daemon, tipHeight);

    /// <summary>Waits for the answers that are under way, and until all is told.</summary>
    public async ValueTask DisposeAsync()
    {
        _daemons.Reconnected -= OnReconnected;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Running()).ConfigureAwait(false);
        await Task.WhenAll(_offers.Values.Select(offers => offers.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _confirmations.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Running()).ConfigureAwait(false);
        _stop.Dispose();
    }

    private JournalBlock Entry(BlockCandidate candidate, byte[] bytes) => new()
    {
        Hash = candidate.BlockId,
        Height = candidate.Height,
        Coin = _options.Coin.Name,
        Network = _options.Network.Name,
        Worker = candidate.Worker.Value,
        FoundAt = _options.TimeProvider.GetUtcNow(),
        Bytes = bytes,
    };

    // To all daemons when it is written, or soon: what is in a daemon is safer than what is on a slow disk.
    private async Task StartAsync(KeptBlock block, Task write)
    {
        await Task.WhenAny(write, Task.Delay(s_submitDelay, _options.TimeProvider)).ConfigureAwait(false);
        foreach (var offers in _offers.Values)
            offers.Offer(block);
    }

    private async Task PatientlyAsync(KeptBlock block, Task write)
    {
        try
        {
            await write.WaitAsync(s_writePatience, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // What is told of the block goes on: the daemons have it. The journal says by itself what is wrong with its disk.
            _notify($"Block {block.Height} {block.Hash} is not in the journal yet: {error.Message}");
            Keep(WriteAgainAsync(block, write));
        }
    }

    // The disk may have room again, or go on, before the block is deep.
    private async Task WriteAgainAsync(KeptBlock block, Task write)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stop.IsCancellationRequested)
        {
            await write.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (write.IsCompletedSuccessfully)
                await RecordAsync(block.Describe(), block.IsOpen).ConfigureAwait(false);
            if (write.IsCompletedSuccessfully || !block.IsOpen)
                return;
            await Task.Delay(s_writePause, _options.TimeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            write = WriteAsync(block.Entry);
        }
    }

    private Task WriteAsync(JournalBlock entry)
    {
        try
        {
            return _journal?.AddAsync(entry) ?? Task.CompletedTask;
        }
        catch (ArgumentException error)
        {
            // A coin's own layout that is larger than any block.
            return Task.FromException(error);
        }
    }

    private void Keep(Task task)
    {
        // Also from within the lock: it may be entered again.
        lock (_gate)
        {
            _running.RemoveAll(done => done.IsCompleted);
            _running.Add(task);
        }
    }

    private Task[] Running()
    {
        lock (_gate)
            return [.. _running];
    }

    private void OnReconnected(CoinDaemon daemon) => _offers[daemon].OfferAgain(Open());

    private void OnAnswered(KeptBlock block, CoinDaemon daemon, SubmitAnswer answer)
    {
        if (block.Answer(daemon, answer, _daemons.Daemons))
            Tell(block);
    }

    private void OnLooked(KeptBlock block, BlockNews news)
    {
        if (news != BlockNews.None)
            Tell(block, news == BlockNews.State || !block.IsOpen);
    }

    // Not known to the daemon.
    private void OnForgotten(KeptBlock block, CoinDaemon daemon, bool gone)
    {
        if (gone && block.GiveUp(daemon))
            Tell(block);
        // It had the block and has not any more: killed before the block was on its disk.
        else if (block.VerdictOf(daemon) is SubmitVerdict.Accepted or SubmitVerdict.LostRace)
            _offers[daemon].OfferAgain([block]);
    }

    private void Tell(KeptBlock block, bool aloud = true)
    {
        lock (_gate)
        {
            var open = block.IsOpen;
            if (!open)
                _open.Remove(block.Hash);
            block.Told = TellAsync(block, block.Describe(), open, aloud, block.Told);
        }
        Keep(block.Told);
    }

    private async Task TellFoundAsync(KeptBlock block)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await block.Written.ConfigureAwait(false);
        Found?.Invoke(block.Describe());
    }

    private async Task TellAsync(KeptBlock block, PoolBlock known, bool open, bool aloud, Task before)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await before.ConfigureAwait(false);
        // Nobody hears of a block before it is in the journal.
        await block.Written.ConfigureAwait(false);
        await RecordAsync(known, open).ConfigureAwait(false);
        if (!aloud)
            return;
        _log.BlockTold(known.Height, known.Hash, known.State, known.Confirmations, known.Daemon, known.Reason);
        (block.IsFirstWord() ? Submitted : Changed)?.Invoke(known);
    }

    private async Task RecordAsync(PoolBlock known, bool open)
    {
        if (_journal is null)
            return;
        try
        {
            await _journal.RecordAsync(known.Hash, known.State, open, known.Daemon, known.Reason, known.Confirmations)
                .WaitAsync(s_writePatience, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or TimeoutException or ObjectDisposedException)
        {
            // The journal says by itself what is wrong with it; what it has at the next start is older, and asked anew.
        }
    }
}
