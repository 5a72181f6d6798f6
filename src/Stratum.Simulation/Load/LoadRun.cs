using System.Diagnostics;
using System.Net;

namespace Stratum.Simulation;

/// <summary>
/// A load generator for any Stratum V1 server: opens sessions, lets them do what its options say, and measures.
/// </summary>
public sealed class LoadRun
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(250);

    // Nothing is left to close but sockets.
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(10);

    private readonly LoadOptions _options;
    private readonly TimeProvider _time;
    private readonly LoadCourse _course;
    private readonly LoadEngine _engine;
    private int _started;

    /// <summary>A run that has not begun.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="time">For warm-up, duration and timeouts; latencies are always of the system's clock.</param>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public LoadRun(LoadOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        _options = options;
        _time = time ?? TimeProvider.System;
        _course = new LoadCourse(options);
        _engine = new LoadEngine(options, _course);
    }

    internal LoadCourse Course => _course;

    internal LoadEngine Engine => _engine;

    /// <summary>Runs to the end of its duration, or until nothing is left to measure. May be called once.</summary>
    /// <param name="cancellationToken">Ends it early, with a report of what was measured so far.</param>
    /// <returns>What was measured, and what went wrong.</returns>
    /// <exception cref="LoadRefusedException">It was not begun.</exception>
    /// <exception cref="IOException">The host is unknown, or this machine has no descriptor left.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("A run is made once: make another.");
        }

        IPEndPoint target = await FindAsync(cancellationToken).ConfigureAwait(false);
        if (FileLimit.Check(_options.Connections) is { } limit)
        {
            throw new LoadRefusedException(limit);
        }

        string? problem = null;
        ProcessWatch? server = _options.ServerPid is { } pid ? ProcessWatch.TryStart(pid, _time, out problem) : null;
        if (problem is not null)
        {
            throw new LoadRefusedException($"The server's process cannot be watched: {problem}.");
        }

        try
        {
            return await RunAsync(target, server, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<IPEndPoint> FindAsync(CancellationToken cancellationToken)
    {
        IPAddress address;
        try
        {
            address = await LocalHost.ResolveAsync(_options.Url.Host, cancellationToken).ConfigureAwait(false);
        }
        catch (System.Net.Sockets.SocketException error)
        {
            throw new IOException($"The host {_options.Url.Host} is unknown: {error.Message}", error);
        }

        if (!_options.OwnsServer && !LocalHost.IsThisMachine(address))
        {
            throw new LoadRefusedException(
                $"{_options.Url.Host} ({address}) is not this machine. Load on a server that is not yours is an attack: "
                + $"say that it is yours, or that its owner agreed, with --i-own-this-server ({nameof(LoadOptions.OwnsServer)}).");
        }

        return new IPEndPoint(address, _options.Url.Port);
    }

    private async Task<LoadReport> RunAsync(IPEndPoint target, ProcessWatch? server, CancellationToken cancellationToken)
    {
        long? residentBefore = server?.ResidentBytes();
        ILoadCarrier carrier = _options.Url.UseTls || _options.AvoidsLoop || LoopCarrier.Problem is not null
            ? new StreamCarrier(_engine, target.Address, _options)
            : new LoopCarrier(_engine, target, _options.Mode);
        var measure = new LoadMeasure(_options, server, residentBefore);
        try
        {
            _engine.Begin(carrier);
            if (await UntilReadyAsync(cancellationToken).ConfigureAwait(false))
            {
                _engine.BeginWork();
                await PauseAsync(_options.WarmUp, cancellationToken).ConfigureAwait(false);
                measure.Begin(_engine, _course);
                await PauseAsync(_options.Duration, cancellationToken).ConfigureAwait(false);
                measure.End(_engine, _course);
                _engine.EndWork();
                Task over = Task.WhenAny(_engine.Drained, _engine.Failed);
                await over.WaitAsync(_options.DrainTimeout, _time, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _engine.Close();
            await _engine.Closed.WaitAsync(s_closeTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await carrier.StopAsync().WaitAsync(s_closeTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return measure.Report(_engine, _course);
    }

    // False when they do not become ready, or shall not.
    private async Task<bool> UntilReadyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_lookInterval, _time);
        Task over = Task.WhenAny(_engine.AllReady, _engine.Failed);
        TimeSpan most = _options.AllLoginsTimeout;
        long began = _time.GetTimestamp();
        while (!over.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            if (_time.GetElapsedTime(began) > most)
            {
                _engine.Fail($"Only {_engine.Logins} of {_options.Connections} sessions were logged in within {most.TotalSeconds:0} s: "
                    + "ask for fewer sessions");
                break;
            }

            Task tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(over, tick).ConfigureAwait(false);
            if (!over.IsCompleted)
            {
                _engine.Look();
            }
        }

        return _engine.AllReady.IsCompleted && !cancellationToken.IsCancellationRequested;
    }

    private async Task PauseAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_lookInterval, _time);
        Task over = Task.WhenAny(_engine.Failed, Task.Delay(duration, _time, cancellationToken));
        while (!over.IsCompleted)
        {
            // Only cycles may still be opening.
            Task tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(over, tick).ConfigureAwait(false);
            _engine.Look();
        }
    }
}
