using Stratum.Protocol;

namespace Stratum.Simulation;

/// <summary>
/// The jobs of a run. Most servers send all sessions the same bytes, so a line that is the last one again needs no
/// reading; and each job id has its first and its last arrival.
/// </summary>
internal sealed class JobBook
{
    // So many job ids are followed at once; of older ones no session waits any more.
    private const int MostJobs = 64;

    private readonly List<JobArrival> _arrivals = [];
    private byte[] _line = [];
    private Notify? _notify;
    private JobArrival? _arrival;

    /// <summary>From the first session to the last, of every job that came to all while it was measured.</summary>
    public LatencyHistogram Spread { get; } = new();

    /// <summary>Jobs that came while it was measured, and not to all sessions: from the first to which last?</summary>
    public int Incomplete { get; private set; }

    /// <summary>Whether the line is the last job again.</summary>
    public bool TryRecognise(ReadOnlySpan<byte> line, out Notify? notify, out JobArrival? arrival)
    {
        notify = _notify;
        arrival = _arrival;
        return notify is not null && line.SequenceEqual(_line);
    }

    /// <summary>Reads a job.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="message">The line, read.</param>
    /// <param name="sessions">How many wait for it, if no session had it before.</param>
    /// <param name="isTimed">Whether its spread counts, if no session had it before.</param>
    /// <param name="now">When it came.</param>
    /// <param name="notify">The job.</param>
    /// <param name="arrival">When it came, to all sessions.</param>
    /// <returns>What is wrong with it; null when it is fine.</returns>
    public string? Read(
        ReadOnlySpan<byte> line, scoped in Message message, int sessions, bool isTimed, long now, out Notify? notify,
        out JobArrival? arrival)
    {
        arrival = null;
        if (!Notify.TryRead(message.Params, out notify, out string? error))
        {
            return error;
        }

        string id = notify.JobId;
        arrival = _arrivals.Find(one => one.Id == id);
        if (arrival is null)
        {
            if (_arrivals.Count == MostJobs)
            {
                Finish(_arrivals[0]);
                _arrivals.RemoveAt(0);
            }

            arrival = new JobArrival(id, now, sessions, isTimed);
            _arrivals.Add(arrival);
        }

        (_line, _notify, _arrival) = (line.ToArray(), notify, arrival);
        return null;
    }

    /// <summary>No job comes any more.</summary>
    public void Finish()
    {
        _arrivals.ForEach(Finish);
        _arrivals.Clear();
    }

    private void Finish(JobArrival arrival)
    {
        if (!arrival.IsTimed)
        {
            return;
        }

        if (arrival.IsComplete)
        {
            Spread.Record(arrival.Spread);
        }
        else
        {
            Incomplete++;
        }
    }
}
