namespace Stratum.Simulation;

/// <summary>When a job came, to the first session and to the last.</summary>
/// <param name="id">The job's.</param>
/// <param name="first">When the first session had it.</param>
/// <param name="sessions">How many were ready then: all of them wait for it.</param>
/// <param name="isTimed">Whether it counts.</param>
internal sealed class JobArrival(string id, long first, int sessions, bool isTimed)
{
    private int _receivers;
    private long _last;

    public string Id => id;

    public bool IsTimed => isTimed;

    /// <summary>Whether every session had it.</summary>
    public bool IsComplete => _receivers == sessions;

    /// <summary>From the first session to the last.</summary>
    public long Spread => _last - first;

    /// <summary>One more session has it.</summary>
    public void ReceivedBySession(long now)
    {
        _receivers++;
        _last = now;
    }
}
