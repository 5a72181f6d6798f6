namespace Stratum.Scale;

/// <summary>The system's clock that can be set forward, with timers that the bench rings by hand: the heartbeat is one.</summary>
internal sealed class HandTime : TimeProvider
{
    private readonly List<Action> _timers = [];
    private TimeSpan _ahead;

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(_ahead.TotalSeconds * System.TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add(() => callback(state));
        return new Silent();
    }

    public void Forward(TimeSpan time) => _ahead += time;

    /// <summary>Each timer's callback, on this thread.</summary>
    public void Ring()
    {
        foreach (var timer in _timers)
            timer();
    }

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
