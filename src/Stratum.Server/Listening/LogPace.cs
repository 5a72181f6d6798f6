namespace Stratum.Server;

/// <summary>How often the log says the same: what a peer can make happen at will must not fill a disk.</summary>
internal sealed class LogPace(TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _saidAt;
    private int _since;

    /// <summary>Whether to say it now; once a minute.</summary>
    /// <param name="more">How often it happened since it was said last, beside this time.</param>
    public bool IsDue(out int more)
    {
        lock (_gate)
        {
            var now = Math.Max(1, time.GetTimestamp());
            more = _since;
            if (_saidAt != 0 && time.GetElapsedTime(_saidAt, now) < s_pause)
            {
                _since++;
                return false;
            }
            (_saidAt, _since) = (now, 0);
            return true;
        }
    }
}
