using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>
/// One pool connection, kept up: it logs in again after a loss, follows what the pool changes, and hands out jobs.
/// Every member may be used from any thread.
/// </summary>
public sealed partial class StratumClient : IAsyncDisposable
{
    private const string LogCategory = "Stratum.Client";

    private readonly Lock _gate = new();
    private readonly ClientLog _log;
    private readonly JobFeed _feed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncLocal<bool> _isSupervisor = new();
    private Task _supervision = Task.CompletedTask;
    private volatile PoolSession? _session;
    private StratumUrl? _url;
    private bool _connecting;
    private long _lastId;

    /// <summary>A client that is not connected yet.</summary>
    /// <param name="options">Null for <see cref="StratumClientOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public StratumClient(StratumClientOptions? options = null)
    {
        Options = options ?? StratumClientOptions.Default;
        var errors = Options.Validate();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        _log = new ClientLog(Options.LoggerFactory?.CreateLogger(LogCategory) ?? DebugLog.FromEnvironment(LogCategory));
        _handlers = new HandlerQueue(_log);
    }

    /// <summary>How it was made.</summary>
    public StratumClientOptions Options { get; }

    /// <summary>Whether calls can be made now.</summary>
    public bool IsConnected => _session is { Ended.IsCompleted: false };

    /// <summary>Where it is connected to; null while it is not.</summary>
    public StratumUrl? Url => _session?.Url;

    /// <summary>The newest job; null before the first and while not connected.</summary>
    public ClientJob? CurrentJob => _feed.Current;

    /// <summary>The version bits that may be rolled now; 0 without version rolling.</summary>
    public uint VersionMask => _session?.Work.VersionMask ?? 0;

    /// <summary>
    /// Ends when the client has ended for good: normally when it was disposed, else with the reason (the pool stayed
    /// away, or <see cref="StratumRemoteException"/> when it refused the login after a reconnect).
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>Connects, once; later losses are repaired by the client itself.</summary>
    /// <param name="url">See <see cref="StratumUrl"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FormatException">The URL is none.</exception>
    /// <exception cref="IOException">The pool cannot be reached; the text says what to look at. It may be tried
    /// again.</exception>
    public Task ConnectAsync(string url, CancellationToken cancellationToken = default) =>
        ConnectAsync(StratumUrl.Parse(url), cancellationToken);

    /// <inheritdoc cref="ConnectAsync(string, CancellationToken)"/>
    public async Task ConnectAsync(StratumUrl url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_connecting || _url is not null)
                throw new InvalidOperationException("The client is connected already, or connecting: one client is one connection.");
            _connecting = true;
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
            var stream = await PoolConnector.OpenAsync(url, Options, stop.Token).ConfigureAwait(false);
            var session = new PoolSession(this, url, stream);
            _url = url;
            MarkReady(session);
            _supervision = Task.Run(() => SuperviseAsync(session), CancellationToken.None);
            if (_stopping.IsCancellationRequested)
                Stop(session); // DisposeAsync may have looked before it was there
        }
        finally
        {
            lock (_gate)
                _connecting = false;
        }

        await RaiseAsync(Connected, new ClientConnected(url, IsReconnect: false)).ConfigureAwait(false);
    }

    /// <summary>
    /// The jobs, beginning with the current one: each time the newest there is, so that a slow reader skips what is
    /// outdated. Goes on over reconnects; ends when the client is disposed, and with an exception when it gave up.
    /// </summary>
#pragma warning disable VSTHRD200 // reads as it is used: await foreach (var job in client.Jobs())
    public IAsyncEnumerable<ClientJob> Jobs(CancellationToken cancellationToken = default) => _feed.ReadAsync(cancellationToken);
#pragma warning restore VSTHRD200

    /// <summary>Closes the connection, for good.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        PoolSession? session;
        lock (_gate)
            session = _session;
        session?.Close(new ObjectDisposedException(nameof(StratumClient), "The client was disposed"));
        if (_isSupervisor.Value)
            return; // called by an event's handler: waiting would wait for itself
        await _supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End(null);
    }

    internal long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>
    /// Makes a job the newest, unless its connection is not ready yet: then <see cref="MarkReady"/> does.
    /// </summary>
    private void Publish(PoolSession session, ClientJob job)
    {
        lock (_gate)
        {
            if (_session == session)
                _feed.Publish(job);
        }

        _log.Job(session.Url, job.Id, job.Clean, job.Difficulty);
    }

    private void MarkReady(PoolSession session)
    {
        lock (_gate)
        {
            _session = session;
            if (session.Work.Current is { } job)
                _feed.Publish(job with { Clean = true }); // the first of this connection, whatever came before it
        }
    }

    private PoolSession Ready() =>
        _session ?? throw (_stopping.IsCancellationRequested
            ? new ObjectDisposedException(nameof(StratumClient))
            : _url is null
                ? new InvalidOperationException("The client is not connected: call ConnectAsync first.")
                : new IOException($"There is no connection to {_url} now"));

    private void End(Exception? failure)
    {
        _feed.End(failure);
        _handlers.Stop();
        if (failure is null)
            _completion.TrySetResult();
        else if (_completion.TrySetException(failure))
            _ = _completion.Task.Exception; // whoever does not look at it has the event
    }
}
