namespace Stratum.Server;

/// <summary>
/// How late the server does its work: at a steady pace something is queued to the thread pool and to each loop, which
/// carry the sessions, and the time until it has run everywhere is smoothed. Beyond a limit new connections are refused,
/// the more of them the later it is.
/// </summary>
internal sealed class LagMeter : IThreadPoolWorkItem
{
    /// <summary>The time between two samples.</summary>
    /// <value>A flood is noticed within two seconds; at rest it costs four wakeups a second, of each loop too, and
    /// allocates nothing.</value>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    // A sample counts for one eighth, and for no more than eight times the limit: one pause, however long (a
    // collection, a frozen machine), is not yet too busy, two are; and from the worst it is four seconds back.
    private const int Weight = 8;

    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly Action<IThreadPoolWorkItem> _queue;
    private readonly Action<bool, TimeSpan> _changed;
    private IReadOnlyList<Action> _loops = [];
    private ITimer? _timer;
    private int _missing;
    private long _due;
    private double _lag;
    private bool _isBusy;

    /// <summary>A meter at rest.</summary>
    /// <param name="limit">The lag from which on connections are refused; above zero.</param>
    /// <param name="time">The clock; a server's is the system's, whatever clock its sessions go by.</param>
    /// <param name="queue">What brings an item to the thread pool.</param>
    /// <param name="changed">Told when it becomes too busy and when it is no longer, with the lag.</param>
    public LagMeter(TimeSpan limit, TimeProvider time, Action<IThreadPoolWorkItem> queue, Action<bool, TimeSpan> changed)
    {
        _limit = limit;
        _time = time;
        _queue = queue;
        _changed = changed;
    }

    /// <summary>The lag, smoothed.</summary>
    public TimeSpan Lag => TimeSpan.FromTicks((long)Volatile.Read(ref _lag));

    /// <summary>The lag, or the time for which nothing has run at all when that is longer: for people to look at.</summary>
    public TimeSpan Behind
    {
        get
        {
            var waiting = Volatile.Read(ref _timer) is null ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _due));
            return waiting > Lag ? waiting : Lag;
        }
    }

    /// <summary>Measures from now on.</summary>
    /// <param name="loops">What asks each loop, which then calls <see cref="Arrive"/>.</param>
    public void Start(params IReadOnlyList<Action> loops)
    {
        _loops = loops;
        Volatile.Write(ref _lag, 0);
        _isBusy = false;
        Volatile.Write(ref _due, DueNext());
        // Once, and again when its sample is taken: where nothing runs, samples must not pile up.
        _timer = _time.CreateTimer(static meter => ((LagMeter)meter!).Ask(), this, Pace, Timeout.InfiniteTimeSpan);
    }

    public void Stop()
    {
        Interlocked.Exchange(ref _timer, null)?.Dispose();
        Volatile.Write(ref _lag, 0);
    }

    /// <summary>Whether to refuse a connection.</summary>
    /// <param name="chance">An even random number from 0 to 1: at twice the limit every one is too small.</param>
    public bool Refuses(double chance) => chance < (Volatile.Read(ref _lag) - _limit.Ticks) / _limit.Ticks;

    /// <summary>Takes a sample.</summary>
    public void Add(TimeSpan sample)
    {
        var counted = Math.Clamp(sample.Ticks, 0, (double)Weight * _limit.Ticks);
        var lag = Volatile.Read(ref _lag);
        lag += (counted - lag) / Weight;
        Volatile.Write(ref _lag, lag);
        // Back at half of the limit only: near it the log would tell of every sample.
        var isBusy = lag > (_isBusy ? _limit.Ticks / 2.0 : _limit.Ticks);
        if (isBusy == _isBusy)
            return;
        _isBusy = isBusy;
        _changed(isBusy, Lag);
    }

    void IThreadPoolWorkItem.Execute() => Arrive();

    /// <summary>The thread pool or a loop got to it. With the last of them there is a sample: late by the time that the
    /// timer was, and by the time in the slowest queue.</summary>
    public void Arrive()
    {
        if (Interlocked.Decrement(ref _missing) != 0 || Volatile.Read(ref _timer) is not { } timer)
            return;
        Add(_time.GetElapsedTime(_due));
        Volatile.Write(ref _due, DueNext());
        timer.Change(Pace, Timeout.InfiniteTimeSpan);
    }

    private void Ask()
    {
        Volatile.Write(ref _missing, 1 + _loops.Count);
        _queue(this);
        foreach (var ask in _loops)
            ask();
    }

    private long DueNext() => _time.GetTimestamp() + (long)(Pace.TotalSeconds * _time.TimestampFrequency);
}
