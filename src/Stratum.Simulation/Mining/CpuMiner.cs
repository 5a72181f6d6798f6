using System.Runtime.ExceptionServices;
using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// A miner in software: a real client over a real socket and threads that hash. For demos, tests, and pools on
/// regtest; against real difficulties it finds nothing.
/// </summary>
public sealed partial class CpuMiner
{
    // What a pool may leave unanswered before the threads wait for it.
    private const int MaxInFlight = 256;

    private readonly SemaphoreSlim _inFlight = new(MaxInFlight, MaxInFlight);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashFunction _hash;
    private readonly uint _scale;
    private int _started;
    private CpuMinerEnd? _end;
    private Exception? _failure;

    /// <summary>A miner that has not begun.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public CpuMiner(CpuMinerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        Options = options;
        bool isScrypt = options.Algorithm == "scrypt";
        _hash = isScrypt ? Scrypt.Hash : Sha256d.Hash;
        _scale = isScrypt ? 65536u : 1u;
    }

    /// <summary>A job came. Raised where jobs are read: be quick, here and in the other events.</summary>
    public event EventHandler<ClientJob>? JobReceived;

    /// <summary>A share was found and goes to the pool. Raised on the thread that found it.</summary>
    public event EventHandler<MinedShare>? ShareFound;

    /// <summary>The pool answered a share.</summary>
    public event EventHandler<MinedShareAnswer>? ShareAnswered;

    /// <summary>The pool is lost; with <see cref="ClientDisconnected.WillReconnect"/> it is tried again.</summary>
    public event EventHandler<ClientDisconnected>? Disconnected;

    /// <summary>The pool sent something that cannot be used: work that cannot be read, for example.</summary>
    public event EventHandler<ClientProtocolError>? ProtocolError;

    /// <summary>How it was made.</summary>
    public CpuMinerOptions Options { get; }

    /// <summary>
    /// Mines until there is enough, the token is cancelled, or the pool cannot be had. May be called once.
    /// </summary>
    /// <returns>Why it ended; answers to the last shares have been waited for, a little.</returns>
    public async Task<CpuMinerEnd> RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A miner runs once: make another.");
        var time = Options.Client.TimeProvider;
        _startedAt = time.GetTimestamp();
        var threads = Enumerable.Range(0, Options.Threads).Select(index => new MiningThread(this, index)).ToArray();
        using var cancelled = cancellationToken.Register(() => End(CpuMinerEndReason.Cancelled, "It was cancelled"));
        using var timer = Options.Duration is { } duration
            ? time.CreateTimer(_ => End(CpuMinerEndReason.DurationReached, "The time is up"), null, duration, Timeout.InfiniteTimeSpan)
            : null;
        foreach (var thread in threads)
            thread.Start();
        try
        {
            await ConnectAsync(_stop.Token).ConfigureAwait(false);
        }
        finally
        {
            StopThreads();
            await Task.WhenAll(threads.Select(thread => thread.Ended)).ConfigureAwait(false);
        }

        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return _end!.Value;
    }

    internal void Broke(Exception failure)
    {
        _failure ??= failure;
        End(CpuMinerEndReason.PoolLost, failure.Message);
    }

    private void End(CpuMinerEndReason reason, string text)
    {
        lock (_gate)
        {
            if (_end is not null)
                return; // the first reason is the reason
            _end = new CpuMinerEnd(reason, text);
        }

        _ = _stop.CancelAsync();
    }
}
