using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>
/// A solo pool: templates of coin daemons become jobs, shares are judged, blocks go to the daemons and are kept until they are
/// safe. It listens for miners only when there is work.
/// </summary>
public sealed class MiningPool : IAsyncDisposable
{
    private readonly MiningPoolOptions _options;
    private readonly JobOptions _jobs;
    private readonly BlockJournal? _journal;
    private readonly DaemonGroup _daemons;
    private readonly PoolServer _server;
    private readonly BlockKeeper _blocks;
    private readonly PoolLog _log;
    private readonly HashSet<CoinDaemon> _checked = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkWatch? _watch;
    private Task _feeding = Task.CompletedTask;
    private Task _checking = Task.CompletedTask;
    private int _disposed;

    /// <summary>A pool with these options, its journal opened; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the text says how.</exception>
    /// <exception cref="JournalException">The journal cannot be used; the text says why and what to do.</exception>
    public MiningPool(MiningPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _jobs = new JobOptions
        {
            Tag = options.Tag,
            Outputs = options.Outputs,
            ExtranonceSize = options.Server.Work.Extranonce1Size + options.Server.Work.Extranonce2Size,
            DifficultyMayExceedNetwork = options.Network.DifficultyMayExceedNetwork,
        };
        // What can be refused without a daemon is, before one is troubled.
        RewardSplit.Validate(Pretend(options), options.Coin, options.PayTo, _jobs);
        var server = options.Server;
        server.Work = server.Work with { VersionMask = options.Coin.VersionMask };
        server.LoggerFactory ??= options.LoggerFactory;
        _log = new PoolLog(options.LoggerFactory, "Stratum.Pool");
        _server = new PoolServer(server);
        _server.BlockFound += async (_, block) => await _blocks!.FoundAsync(block).ConfigureAwait(false);
        _daemons = new DaemonGroup(options.Daemons, options.LoggerFactory);
        _daemons.StatusChanged += OnStatusChanged;
        foreach (var daemon in _daemons.Daemons)
            daemon.TipConfirmed += OnTipConfirmed;
        _daemons.CurrentChanged += OnCurrentChanged;
        _daemons.Reconnected += OnReconnected;
        // Last of what can fail: it holds a lock.
        if (options.JournalFile is { } file)
        {
            _journal = options.OpenJournal(file, new BlockJournalOptions { LoggerFactory = options.LoggerFactory });
            _journal.Troubled += OnTroubled;
        }
        _blocks = new BlockKeeper(_daemons, _journal, options, Notify, _log);
        _blocks.Found += block => Raise(BlockFound, block);
        _blocks.Submitted += block => Raise(BlockSubmitted, block);
        _blocks.Changed += block => Raise(BlockChanged, block);
    }

    /// <summary>The server that carries the miners: register handlers and events here.</summary>
    public StratumServer Server => _server;

    /// <summary>The daemons, in the order of the options.</summary>
    public IReadOnlyList<CoinDaemon> Daemons => _daemons.Daemons;

    /// <summary>The found blocks that are not safe yet, lowest first.</summary>
    public IReadOnlyList<PoolBlock> OpenBlocks => [.. _blocks.Open().Select(block => block.Describe())];

    /// <summary>A daemon became ready, or why it is waited for; or the work comes from another one.</summary>
    public event Action<DaemonChange>? DaemonChanged;

    /// <summary>A daemon is there for the first time and was looked at.</summary>
    public event Action<DaemonCheck>? DaemonChecked;

    /// <summary>A block was found; it is in the journal and on its way to the daemons.</summary>
    public event Action<PoolBlock>? BlockFound;

    /// <summary>The first definite word on a block; never before it is written to the journal.</summary>
    public event Action<PoolBlock>? BlockSubmitted;

    /// <summary>A block became something else since: orphaned, accepted after all, deep.</summary>
    public event Action<PoolBlock>? BlockChanged;

    /// <summary>The work got old, too old, or is fresh again.</summary>
    public event Action<WorkAge>? WorkAged;

    /// <summary>Something that the operator should know: a sentence.</summary>
    public event Action<string>? Noticed;

    /// <summary>
    /// Waits for a daemon's first template, then listens. Until then nothing listens for miners;
    /// <see cref="DaemonChanged"/> says for what it waits.
    /// </summary>
    /// <exception cref="IOException">A port cannot be had.</exception>
    /// <exception cref="ArgumentException">The tag or the outputs do not fit into a coinbase, or not into the reward.</exception>
    /// <exception cref="InvalidOperationException">Every daemon follows another chain.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        foreach (var damage in _journal?.Damage ?? [])
            Notify($"{_journal!.File}: {damage.Text}");
        _blocks.TakeOver();
        if (OpenBlocks is { Count: > 0 } open)
            Notify($"{open.Count} blocks of an earlier run are not safe yet (from height {open[0].Height}); they are offered again.");
        _feeding = FeedAsync();
        try
        {
            await _listening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the sessions after what they are owed, then waits for the daemons' answers to blocks.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watch?.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        await _blocks.DisposeAsync().ConfigureAwait(false);
        await _checking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _daemons.DisposeAsync().ConfigureAwait(false);
        _journal?.Dispose();
        _stop.Dispose();
    }

    // A template with the greatest reward and the longest height: whether tag and outputs fit is nearly known from it.
    private static BlockTemplate Pretend(MiningPoolOptions options) => new()
    {
        Version = 0x20000000,
        PreviousBlock = default,
        Transactions = [],
        CoinbaseValue = long.MaxValue / 100,
        Bits = new CompactTarget(0x207fffff),
        CurTime = 0,
        Height = 1 << 23,
        WitnessCommitment = options.Coin.TemplateRules.Contains("segwit") ? new byte[38] : null,
    };

    private async Task FeedAsync()
    {
        try
        {
            Hash256? tip = null;
            await foreach (var next in _daemons.TemplatesAsync(_stop.Token).ConfigureAwait(false))
            {
                if (!await UseAsync(next.Template).ConfigureAwait(false))
                    continue;
                if (tip != next.Template.PreviousBlock)
                    _blocks.LookAt(next.Daemon, next.Template.Height - 1);
                tip = next.Template.PreviousBlock;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _listening.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception error)
        {
            if (_listening.TrySetException(error))
                return;
            _log.FeedFailed(error);
            Notify($"No more templates are read: {error.Message} Restart the pool.");
        }
    }

    private async Task<bool> UseAsync(BlockTemplate template)
    {
        var first = !_listening.Task.IsCompleted;
        if (first)
            RewardSplit.Validate(template, _options.Coin, _options.PayTo, _jobs);
        try
        {
            await _server.BroadcastAsync(Job.FromTemplate(template, _options.Coin, _options.PayTo, _jobs)).ConfigureAwait(false);
        }
        catch (Exception error) when (!first)
        {
            // One template that is no work must not end the work of all that follow.
            _log.TemplateUnusable(template.Height, error);
            Notify($"The template of height {template.Height} cannot be made into work, and the work before it is kept: {error.Message}");
            return false;
        }
        if (first)
        {
            await _server.StartAsync(_stop.Token).ConfigureAwait(false);
            _watch = new WorkWatch(_server, _options.MaxWorkAge, _options.TimeProvider, aged => Raise(WorkAged, aged));
            _listening.TrySetResult();
        }
        _watch!.Renew();
        return true;
    }

    private void OnStatusChanged(CoinDaemon daemon, DaemonStatus status)
    {
        Raise(DaemonChanged, new DaemonChange(daemon, status, daemon == _daemons.Current));
        // Nothing to wait for: every daemon answers, and none is of this chain.
        if (Daemons.All(each => each.Status.State == DaemonState.WrongChain))
            _listening.TrySetException(new InvalidOperationException(status.Text));
    }

    private void OnTipConfirmed(Hash256 tip)
    {
        if (_server.Work.Current is { } job && job.PreviousBlock == tip)
            _watch?.Confirm();
    }

    private void OnCurrentChanged(CoinDaemon? daemon)
    {
        if (daemon is not null)
            Raise(DaemonChanged, new DaemonChange(daemon, daemon.Status, true));
    }

    private void OnReconnected(CoinDaemon daemon)
    {
        lock (_checked)
        {
            if (!_checked.Add(daemon))
                return;
        }
        var check = CheckAsync(daemon);
        lock (_checked)
            _checking = Task.WhenAll(_checking, check);
    }

    private async Task CheckAsync(CoinDaemon daemon)
    {
        try
        {
            Raise(DaemonChecked, await DaemonChecker.CheckAsync(daemon, _options.PayTo.Text, _stop.Token).ConfigureAwait(false));
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            // One that went away again: no reason to stop mining, and it is asked when it is back.
            _log.NotChecked(daemon.Name, error.Message);
            lock (_checked)
                _checked.Remove(daemon);
        }
    }

    private void OnTroubled(JournalTrouble trouble)
    {
        Notify(trouble.Text);
        if (trouble.Kind == JournalTroubleKind.Lost)
            _blocks.WriteAll();
    }

    private void Notify(string text)
    {
        _log.Notice(text);
        Raise(Noticed, text);
    }

    private void Raise<T>(Action<T>? handlers, T value)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(value);
            }
            catch (Exception error)
            {
                _log.HandlerFailed(error);
            }
        }
    }
}
