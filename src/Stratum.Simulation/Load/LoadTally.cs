namespace Stratum.Simulation;

/// <summary>What the sessions of a run count together; under the gate of <see cref="LoadEngine"/>.</summary>
internal sealed class LoadTally
{
    private const int Kinds = 5;

    private readonly long[] _all = new long[Kinds];
    private readonly long[] _measured = new long[Kinds];
    private long _from = long.MaxValue;
    private long _to = long.MaxValue;

    public LatencyHistogram Latency { get; } = new();

    public bool IsMeasuring { get; private set; }

    /// <summary>Jobs that sessions received while it was measured.</summary>
    public long JobsReceived { get; private set; }

    /// <summary>Cycles of <see cref="LoadMode.Connect"/> while it was measured.</summary>
    public long Cycles { get; private set; }

    public LoadAnswers Measured => Of(_measured);

    public LoadAnswers All => Of(_all);

    /// <param name="now">Timestamp, of which nothing before is measured.</param>
    public void Begin(long now)
    {
        IsMeasuring = true;
        _from = now;
    }

    public void End(long now)
    {
        IsMeasuring = false;
        _to = now;
    }

    /// <summary>A share was answered.</summary>
    /// <param name="kind">How.</param>
    /// <param name="since">When it was sent, or was due.</param>
    /// <param name="now">When the answer came.</param>
    public void Answered(AnswerKind kind, long since, long now)
    {
        _all[(int)kind]++;
        if (IsMeasuring)
        {
            _measured[(int)kind]++;
        }

        Time(since, now);
    }

    public void LoggedInAgain(long since, long now)
    {
        if (IsMeasuring)
        {
            Cycles++;
        }

        Time(since, now);
    }

    public void GotJob()
    {
        if (IsMeasuring)
        {
            JobsReceived++;
        }
    }

    // Also those that are answered after the end: they are the slowest.
    private void Time(long since, long now)
    {
        if (since >= _from && since < _to)
        {
            Latency.Record(now - since);
        }
    }

    private static LoadAnswers Of(long[] counts) => new(counts[0], counts[1], counts[2], counts[3], counts[4]);
}
