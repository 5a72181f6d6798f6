namespace Stratum.Client;

/// <summary>
/// Doubling delays with jitter, so that the miners of a restarted pool do not come back in one instant.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan most)
{
    private int _attempt;

    /// <summary>How many delays were handed out since the last <see cref="Reset"/>.</summary>
    public int Attempt => _attempt;

    /// <summary>Between half and the whole of <c>first * 2^n</c>, at most <c>most</c>.</summary>
    /// <param name="random">0 to 1.</param>
    public TimeSpan Next(double random)
    {
        double whole = Math.Min(most.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_attempt, 60)));
        _attempt++;
        return TimeSpan.FromSeconds(whole * (0.5 + (random / 2)));
    }

    public void Reset() => _attempt = 0;
}
