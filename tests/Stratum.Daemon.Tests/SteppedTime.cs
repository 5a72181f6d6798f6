namespace Stratum.Daemon.Tests;

/// <summary>
/// A clock on which nothing elapses until the test names the pause that is over: it waits until the code under test
/// has begun exactly that pause, moves on by it, and ends it.
/// </summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _now = 1_000_000_000;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp() + TimeSpan.TicksPerDay * 700_000, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits for a pause of this length to begin, and ends it.</summary>
    public async Task ElapseAsync(TimeSpan pause)
    {
        Timer timer = await BegunAsync(pause);
        Interlocked.Add(ref _now, pause.Ticks);
        timer.Fire();
    }

    /// <summary>Waits for a pause of this length to begin.</summary>
    public async Task<Timer> BegunAsync(TimeSpan pause)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        while (true)
        {
            lock (_timers)
            {
                if (_timers.Find(t => t.Due == pause) is { } found)
                {
                    return found;
                }
            }

            await Task.Delay(1, ct);
        }
    }

    internal sealed class Timer(SteppedTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire()
        {
            Dispose();
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._timers)
            {
                Due = dueTime;
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    time._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
