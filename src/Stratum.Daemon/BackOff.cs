namespace Stratum.Daemon;

/// <summary>Pauses that double from a first one to a longest one.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan _next;

    public TimeSpan Next()
    {
        TimeSpan pause = _next == default ? first : _next;
        _next = pause * 2 < longest ? pause * 2 : longest;
        return pause;
    }

    public void Reset() => _next = default;
}
