using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;
using Stratum.Mining;

namespace Stratum.Server;

/// <summary>
/// A Stratum V1 server. It carries sessions, hands out the jobs that you broadcast and judges their shares; every
/// decision can be yours, by a registered handler or by overriding its virtual twin.
/// </summary>
public partial class StratumServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, StratumSession> _sessions = new();
    private readonly WireLog? _ownLog;
    private readonly Listeners _listeners;
    private readonly SemaphoreSlim _lifetime = new(1, 1);
    private ITimer? _heartbeat;
    private TaskCompletionSource _allClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastSessionId;
    private volatile bool _stopping;
    private volatile bool _suspended;
    private bool _started;
    private string _driver = "";

    /// <summary>A server with these options, copied: later changes of them have no effect.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public StratumServer(StratumServerOptions? options = null)
    {
        Options = (options ?? new StratumServerOptions()).Copy();
        var errors = Options.Validate();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        if (Options.LoggerFactory is null)
            _ownLog = WireLog.FromEnvironment();
        Log = new ServerLog(Options.LoggerFactory ?? _ownLog?.Factory, "Stratum.Server");
        _listeners = new Listeners(this);
        Metrics = new ServerMetrics(Options.MeterFactory, () => _sessions.Count, Lag);
        OutputBudget = new OutputBudget(Options.Limits.MaxTotalOutputBytes);
        Work = new WorkSource(Options.Work);
        Work.SeenSharesTrimmed += trimmed => Log.SeenSharesTrimmed(trimmed.Forgotten, trimmed.OfLiveJobs);
    }

    /// <summary>The default stream of work: what sessions mine on unless a subscribe handler chooses another.</summary>
    public WorkSource Work { get; }

    /// <summary>The sessions that are open now.</summary>
    public IReadOnlyCollection<StratumSession> Sessions => (IReadOnlyCollection<StratumSession>)_sessions.Values;

    /// <summary>Where it listens, with the real port for every 0; empty before the start.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _listeners.EndPoints;

    /// <summary>The first port that it listens on.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public int Port => EndPoints is [var first, ..] ? first.Port : throw new InvalidOperationException("The server is not started.");

    /// <summary>What carries plain TCP, and why (<see cref="StratumServerOptions.Transport"/>); empty before the start.</summary>
    public string Driver => _driver;

    internal StratumServerOptions Options { get; }

    internal ServerLog Log { get; }

    internal ServerMetrics Metrics { get; }

    internal OutputBudget OutputBudget { get; }

    internal bool IsStopping => _stopping;

    /// <summary>Whether miners are sent away, after <see cref="Suspend"/>.</summary>
    public bool IsSuspended => _suspended;

    /// <summary>The clock's timestamp: for durations.</summary>
    internal long Ticks => Options.TimeProvider.GetTimestamp();

    /// <summary>Seconds since 1970: for block times.</summary>
    internal long Now => Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();

    internal TimeSpan MostRest { get; set; } = TimeSpan.FromSeconds(1);

    internal LagMeter? Lag => _listeners.Lag;

    /// <summary>The loops that carry plain TCP; null when the PipeDriver does.</summary>
    internal LoopGroup? Loops { get; private set; }

    internal int ConnectionCount => _listeners.ConnectionCount;

    /// <summary>Binds every listener and begins to accept.</summary>
    /// <exception cref="IOException">A port cannot be had; the text names it and what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _lifetime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_started)
                throw new InvalidOperationException("The server is started already.");
            _stopping = false;
            _allClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Loops = LoopGroup.TryStart(this, out _driver);
            try
            {
                _listeners.Start();
            }
            catch
            {
                await StopLoopsAsync().ConfigureAwait(false);
                throw;
            }
            StartHeartbeat();
            _started = true;
        }
        finally
        {
            _lifetime.Release();
        }
    }

    /// <summary>
    /// Stops accepting, answers what was received, closes every session. Handlers that have not answered within
    /// <see cref="StratumServerLimits.StopTimeout"/> are not waited for, and after another one what was not sent is
    /// cut.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _lifetime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _stopping = true;
            await _listeners.StopAsync().ConfigureAwait(false);
            if (await EndAllAsync(static session => session.Stop(), cancellationToken).ConfigureAwait(false)
                || await EndAllAsync(static session => session.Close(DisconnectReason.ServerStopping), cancellationToken)
                    .ConfigureAwait(false))
                return;
            Log.StopTimedOut(_sessions.Count);
            await EndAllAsync(static session => session.Abort(DisconnectReason.ServerStopping), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_heartbeat is not null)
                await _heartbeat.DisposeAsync().ConfigureAwait(false);
            _heartbeat = null;
            await StopLoopsAsync().ConfigureAwait(false);
            _started = false;
            _lifetime.Release();
        }
    }

    private async Task<bool> EndAllAsync(Action<StratumSession> end, CancellationToken cancellationToken)
    {
        foreach (var session in _sessions.Values)
            end(session);
        if (_sessions.IsEmpty)
            return true;
        try
        {
            // Real time: a clock that a test holds still must not hold the stop.
            await _allClosed.Task.WaitAsync(Options.Limits.StopTimeout, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Sends every miner away until <see cref="Resume"/>: sessions are cut with a reset, and so is each new connection,
    /// which is how miners learn to go to their next pool. The ports stay ours. For a server that has no good work.
    /// </summary>
    public void Suspend()
    {
        if (_suspended)
            return;
        _suspended = true;
        Log.Suspended(_sessions.Count);
        foreach (var session in _sessions.Values)
            session.Abort(DisconnectReason.Suspended);
    }

    /// <summary>Lets miners in again. Broadcast the new work first: they get what is current.</summary>
    public void Resume()
    {
        if (!_suspended)
            return;
        _suspended = false;
        Log.Resumed();
    }

    /// <summary>
    /// Carries a session over a pipe of yours (a WebSocket, a named pipe, memory) until it ends.
    /// </summary>
    /// <param name="pipe">Completed when the session ends.</param>
    /// <param name="remote">The peer, for logs and events.</param>
    /// <param name="cancellationToken">Closes the session.</param>
    public async Task ServeAsync(IDuplexPipe pipe, EndPoint? remote = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        StartHeartbeat();
        await RunSessionAsync(pipe, remote, null, false, static () => { }, static () => false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        Metrics.Dispose();
        _ownLog?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal StratumSession NewSession(EndPoint? remote = null, EndPoint? local = null, bool isTls = false) =>
        new(this, Interlocked.Increment(ref _lastSessionId), remote, local, isTls);

    /// <summary>A session has its driver: from here on it is one of ours, until <see cref="Remove"/>.</summary>
    internal void Add(StratumSession session)
    {
        _sessions[session.Id] = session;
        OnSessionOpened(session);
        if (_stopping)
            session.Close(DisconnectReason.ServerStopping);
        else if (_suspended)
            session.Abort(DisconnectReason.Suspended);
    }

    internal async Task RunSessionAsync(IDuplexPipe pipe, EndPoint? remote, EndPoint? local, bool isTls, Action abort,
        Func<bool> holdsMore, CancellationToken cancellationToken)
    {
        var session = NewSession(remote, local, isTls);
        var driver = new PipeDriver(pipe, session, Options.TimeProvider, abort, holdsMore) { MostRest = MostRest };
        Add(session);
        using var registration = cancellationToken.Register(session.Close);
        await driver.RunAsync(Options.Limits.StopTimeout).ConfigureAwait(false);
    }

    internal TimeSpan Elapsed(long from, long to) => Options.TimeProvider.GetElapsedTime(from, to);

    internal void Remove(StratumSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        try
        {
            OnSessionClosed(session);
        }
        finally
        {
            if (_stopping && _sessions.IsEmpty)
                _allClosed.TrySetResult();
        }
    }

    private async Task StopLoopsAsync()
    {
        if (Loops is { } loops)
            await loops.StopAsync(Options.Limits.StopTimeout).ConfigureAwait(false);
        Loops = null;
    }

    private void StartHeartbeat()
    {
        if (_heartbeat is not null)
            return;
        var second = TimeSpan.FromSeconds(1);
        var timer = Options.TimeProvider.CreateTimer(static server => ((StratumServer)server!).Beat(), this, second, second);
        if (Interlocked.CompareExchange(ref _heartbeat, timer, null) is not null)
            timer.Dispose();
    }
}
