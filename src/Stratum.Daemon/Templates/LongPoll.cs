using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>
/// The one long poll that may be under way. It outlives failures of other calls: a long poll that is given up goes on
/// in the daemon and holds one of its few threads.
/// </summary>
internal sealed class LongPoll(CoinDaemon daemon, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly TimeProvider _time = daemon.Options.TimeProvider;
    private readonly BackOff _pauses = new(daemon.Options.PollInterval, daemon.Options.RefreshInterval);
    private Task<BlockTemplate>? _pending;
    private CancellationTokenSource? _cancel;
    private Hash256 _tip;
    private BlockTemplate? _known;
    private long _asked;
    private long _rests;
    private TimeSpan _rest;

    /// <summary>Asks for what follows <paramref name="template"/>, unless a call is under way, it is resting, or the
    /// daemon offers no long poll.</summary>
    public void Start(BlockTemplate template)
    {
        if (_pending is not null || template.LongPollId is null || _time.GetElapsedTime(_rests) < _rest)
        {
            return;
        }

        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _known = template;
        _tip = template.PreviousBlock;
        _asked = _time.GetTimestamp();
        _pending = daemon.GetTemplateAsync(template.LongPollId, _cancel.Token);
    }

    /// <summary>True when the call has ended, false when it is time to look at the tip.</summary>
    public async Task<bool> WaitAsync()
    {
        TimeSpan pause = _pending is null ? daemon.Options.PollInterval : daemon.Options.TipCheckInterval;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timer = Task.Delay(pause, _time, stop.Token);
        await Task.WhenAny(_pending ?? timer, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return _pending is { IsCompleted: true };
    }

    /// <summary>The answer of a completed call; throws what it threw.</summary>
    /// <returns>Rested: the pause that begins because it answered at once with the tip that was known, which a
    /// daemon does that does not wait; else null.</returns>
    public async ValueTask<(BlockTemplate Template, TimeSpan? Rested)> TakeAsync()
    {
        Task<BlockTemplate> done = _pending!;
        _pending = null;
        _cancel?.Dispose();
        BlockTemplate template = await done.ConfigureAwait(false);
        if (template.PreviousBlock == _tip && _time.GetElapsedTime(_asked) < daemon.Options.PollInterval)
        {
            // News that came during a rest is answered at once too: would that make the next rest longer, each
            // piece of news would come during a rest, up to the longest.
            if (!TemplateComparison.IsSameWork(template, _known!))
            {
                _pauses.Reset();
            }

            return (template, Rest());
        }

        _pauses.Reset();
        return (template, null);
    }

    /// <summary>Asks no more for a while; each time longer.</summary>
    public TimeSpan Rest()
    {
        _rests = _time.GetTimestamp();
        return _rest = _pauses.Next();
    }

    /// <summary>Gives up a call that has not noticed the change to <paramref name="tip"/>.</summary>
    public async ValueTask DropIfOverdueAsync(Hash256 tip)
    {
        if (_pending is not null && _tip != tip)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Begins anew with a daemon that was away: what ended meanwhile is forgotten, and there is no rest.
    /// </summary>
    public ValueTask RenewAsync()
    {
        _rest = TimeSpan.Zero;
        return _pending is { IsCompleted: true } ? DisposeAsync() : default;
    }

    /// <summary>Gives up the call under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_pending is not { } pending)
        {
            return;
        }

        _pending = null;
        await _cancel!.CancelAsync().ConfigureAwait(false);
        await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cancel.Dispose();
    }
}
