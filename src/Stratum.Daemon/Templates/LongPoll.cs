using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>
/// The one long poll that may be under way. It outlives failures of other calls: a long poll that is given up goes on
/// in the daemon and holds one of its few threads.
/// </summary>
internal sealed class LongPoll(CoinDaemon daemon, CancellationToken cancellationToken) : IAsyncDisposable
{
    // The daemons' own pace for transactions.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly TimeProvider _time = daemon.Options.TimeProvider;
    private readonly BackOff _pauses = new(daemon.Options.PollInterval, LongestRest);
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

    /// <summary>Whether a call is under way, or has ended and was not taken.</summary>
    public bool IsPending => _pending is not null;

    /// <summary>Whether there is something to take.</summary>
    public bool IsEnded => _pending is { IsCompleted: true };

    /// <summary>The call under way; one that never ends when there is none.</summary>
    public Task Ended => _pending ?? Never;

    /// <summary>The answer of a completed call; throws what it threw.</summary>
    /// <returns>Asked: the tip that it was asked to be newer than. Rested: the pause that begins because it answered at
    /// once with that tip, which a daemon does that does not wait; else null.</returns>
    public async ValueTask<(BlockTemplate Template, Hash256 Asked, TimeSpan? Rested)> TakeAsync()
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

            return (template, _tip, Rest());
        }

        _pauses.Reset();
        return (template, _tip, null);
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
