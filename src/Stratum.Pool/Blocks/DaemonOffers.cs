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
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<KeptBlock> _waiting = [];
    private readonly List<Task> _first = [];
    private readonly CoinDaemon _daemon;
    private readonly Action<KeptBlock, CoinDaemon, SubmitAnswer> _answered;
    private readonly TimeProvider _time;
    private readonly Action<string> _notify;
    private readonly CancellationTokenSource? _patience;
    private readonly Task _again;
    private TaskCompletionSource _wake = NewSignal();
    private string? _told;

    /// <param name="daemon">Who is asked.</param>
    /// <param name="isJournaled">Whether what has no answer at the end is offered again by the next process.</param>
    /// <param name="answered">Hears of every answer.</param>
    /// <param name="notify">Hears why there is none, each reason once.</param>
    /// <param name="time">The clock of the pauses.</param>
    public DaemonOffers(CoinDaemon daemon, bool isJournaled, Action<KeptBlock, CoinDaemon, SubmitAnswer> answered,
        Action<string> notify, TimeProvider time)
    {
        (_daemon, _answered, _notify, _time) = (daemon, answered, notify, time);
        _patience = isJournaled ? new CancellationTokenSource() : null;
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

    /// <summary>Waits for the answers that are under way: for a while where the journal has the blocks, else to the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _patience?.CancelAfter(s_stopPatience);
        Task[] first;
        lock (_gate)
        {
            _wake.TrySetResult();
            first = [.. _first];
        }
        await Task.WhenAll(first).ConfigureAwait(false);
        await _again.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _patience?.Dispose();
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
            // A daemon of another chain has no say; should it come back on ours, it is asked.
            answer = _daemon.Status.State == DaemonState.WrongChain
                ? new SubmitAnswer(SubmitVerdict.Unknown, _daemon.Status.Text, IsAway: true)
                : await SubmitAnswer.AskAsync(_daemon, block.Hash, block.Entry.Bytes, _patience?.Token ?? CancellationToken.None)
                    .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            answer = new SubmitAnswer(SubmitVerdict.Unknown, "the pool ended before there was an answer", IsAway: true);
        }
        var word = answer.Verdict == SubmitVerdict.Unknown ? answer.Word : null;
        if (Interlocked.Exchange(ref _told, word) != word && word is not null)
            _notify($"Block {block.Height} {block.Hash} has no answer from {_daemon.Name} ({word}); it is offered again.");
        _answered(block, _daemon, answer);
        return answer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
