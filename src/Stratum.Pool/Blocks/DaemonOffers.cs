using Stratum.Daemon;

namespace Stratum.Pool;

/// <summary>
/// Offers blocks to one daemon: a new one at once, whatever else is under way; those without a definite answer again and
/// again, in the order of their heights, because a child is no good without its parent.
/// </summary>
internal sealed class DaemonOffers : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lastPause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<KeptBlock> _waiting = [];
    private readonly List<Task> _first = [];
    private readonly CoinDaemon _daemon;
    private readonly Action<KeptBlock, CoinDaemon, SubmitAnswer> _answered;
    private readonly TimeProvider _time;
    private readonly PoolLog _log;
    private readonly Task _again;
    private TaskCompletionSource _wake = NewSignal();
    private string? _logged;

    /// <param name="daemon">Who is asked.</param>
    /// <param name="answered">Hears of every answer.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="log">Where failures go, each once.</param>
    public DaemonOffers(CoinDaemon daemon, Action<KeptBlock, CoinDaemon, SubmitAnswer> answered, TimeProvider time, PoolLog log)
    {
        (_daemon, _answered, _time, _log) = (daemon, answered, time, log);
        _again = OfferAgainAsync();
    }

    /// <summary>Offers a block that was just found.</summary>
    public void Offer(KeptBlock block)
    {
        lock (_gate)
        {
            _first.RemoveAll(done => done.IsCompleted);
            _first.Add(FirstAsync(block));
        }
    }

    /// <summary>Offers blocks that the daemon may have forgotten, or never got, now that it is there.</summary>
    public void OfferAgain(IEnumerable<KeptBlock> blocks)
    {
        lock (_gate)
        {
            _waiting.UnionWith(blocks);
            _wake.TrySetResult();
        }
    }

    /// <summary>Waits for the answers that are under way; what has none is in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] first;
        lock (_gate)
        {
            _wake.TrySetResult();
            first = [.. _first];
        }
        await Task.WhenAll(first).ConfigureAwait(false);
        await _again.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FirstAsync(KeptBlock block)
    {
        // Never on the thread of whoever found it: assembling the request of a full block takes milliseconds.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if ((await SubmitAsync(block).ConfigureAwait(false)).Verdict == SubmitVerdict.Unknown)
            OfferAgain([block]);
    }

    private async Task OfferAgainAsync()
    {
        var pause = s_firstPause;
        while (!_stop.IsCancellationRequested)
        {
            KeptBlock[] waiting;
            Task wake;
            lock (_gate)
            {
                _waiting.RemoveWhere(block => !block.IsOpen);
                waiting = [.. _waiting.OrderBy(block => block.Height)];
                if (_wake.Task.IsCompleted)
                {
                    _wake = NewSignal();
                    pause = s_firstPause;
                }
                wake = _wake.Task;
            }
            foreach (var block in waiting)
            {
                if (_stop.IsCancellationRequested)
                    return;
                var answer = await SubmitAsync(block).ConfigureAwait(false);
                if (answer.IsAway)
                    break;
                if (answer.Verdict == SubmitVerdict.Unknown)
                    continue;
                lock (_gate)
                    _waiting.Remove(block);
            }
            bool idle;
            lock (_gate)
                idle = _waiting.Count == 0;
            await PauseAsync(wake, idle ? Timeout.InfiniteTimeSpan : pause).ConfigureAwait(false);
            pause = pause * 2 < s_lastPause ? pause * 2 : s_lastPause;
        }
    }

    private async Task PauseAsync(Task wake, TimeSpan pause)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(wake, Task.Delay(pause, _time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    private async Task<SubmitAnswer> SubmitAsync(KeptBlock block)
    {
        SubmitAnswer answer;
        try
        {
            // Not cancelled by a stop: an answer under way is worth its wait.
            answer = SubmitAnswer.Of(await _daemon.SubmitBlockAsync(block.Read(), CancellationToken.None).ConfigureAwait(false));
            if (answer.Word == SubmitAnswer.Duplicate
                && await _daemon.GetConfirmationsAsync(block.Hash, CancellationToken.None).ConfigureAwait(false) is < 0)
                answer = SubmitAnswer.Of("inconclusive");
        }
        catch (Exception error)
        {
            answer = SubmitAnswer.Of(error);
        }
        var word = answer.Verdict == SubmitVerdict.Unknown ? answer.Word : null;
        // The same trouble every few seconds is said once.
        if (Interlocked.Exchange(ref _logged, word) != word && word is not null)
            _log.SubmitUnanswered(_daemon.Name, word);
        _answered(block, _daemon, answer);
        return answer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
