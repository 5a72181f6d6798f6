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
    private readonly PoolLog _log;
    private readonly Dictionary<CoinDaemon, DaemonOffers> _offers;
    private readonly Confirmations _confirmations;

    public BlockKeeper(DaemonGroup daemons, BlockJournal? journal, MiningPoolOptions options, PoolLog log)
    {
        (_daemons, _journal, _options, _log) = (daemons, journal, options, log);
        _offers = daemons.Daemons.ToDictionary(daemon => daemon,
            daemon => new DaemonOffers(daemon, OnAnswered, options.TimeProvider, log));
        _confirmations = new Confirmations(options.Confirmations, Open, OnLooked, OnForgotten);
        foreach (var entry in journal?.Entries ?? [])
            if (entry.IsOpen && entry.Coin == options.Coin.Name && entry.Network == options.Network.Name)
                _open[entry.Hash] = new KeptBlock(entry.Hash, entry.Height, new WorkerName(entry.Worker), () => journal!.ReadBlock(entry))
                    .As(entry);
        daemons.Reconnected += OnReconnected;
    }

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
            return Task.CompletedTask;
        }
        var block = new KeptBlock(candidate.BlockId, candidate.Height, candidate.Worker, () => bytes);
        lock (_gate)
        {
            if (!_open.TryAdd(block.Hash, block))
                return _open[block.Hash].Written;
        }
        var entry = Entry(candidate, bytes);
        var write = _journal?.AddAsync(entry) ?? Task.CompletedTask;
        block.Written = PatientlyAsync(block, entry, write);
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

    private async Task PatientlyAsync(KeptBlock block, JournalBlock entry, Task write)
    {
        try
        {
            await write.WaitAsync(s_writePatience, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // What is told of the block goes on: the daemons have it, and the journal says by itself what is wrong with it.
            _log.BlockNotWritten(block.Height, block.Hash, error.Message);
            if (write.IsCompleted)
                _ = WriteAgainAsync(block, entry);
        }
    }

    // The disk may have room again before the block is deep.
    private async Task WriteAgainAsync(KeptBlock block, JournalBlock entry)
    {
        while (block.IsOpen && !_stop.IsCancellationRequested)
        {
            await Task.Delay(s_writePause, _options.TimeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var write = _journal!.AddAsync(entry);
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (write.IsCompletedSuccessfully)
            {
                await RecordAsync(block.Describe(), block.IsOpen).ConfigureAwait(false);
                return;
            }
        }
    }

    private void Keep(Task task)
    {
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

    // Not known to the daemon. It had the block and has not any more: killed before the block was on its disk.
    private void OnForgotten(KeptBlock block, CoinDaemon daemon, bool gone)
    {
        if (gone && block.GiveUp(daemon))
            Tell(block);
        else if (block.IsAnsweredBy(daemon))
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
