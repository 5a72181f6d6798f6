namespace Stratum.Daemon;

/// <summary>A daemon at the moment of a choice.</summary>
/// <param name="Grade">Whether it is fresh counts first, and the grade itself where the height is the same.</param>
/// <param name="Height">Of its template; counts second.</param>
/// <param name="HasPeers">False when it said that it has none; counts last.</param>
internal readonly record struct Standing(StandingGrade Grade, long Height, bool HasPeers)
{
    /// <summary>Null only without a grade.</summary>
    public DaemonTemplate? Template { get; init; }

    /// <summary>How long its template will count as fresh.</summary>
    public TimeSpan FreshFor { get; init; }

    /// <summary>
    /// The index of the best, or -1 when none gives work. On equal terms it is the present one, else the first of the
    /// list. A rival tip of the same height is on equal terms: the one that was seen first is mined, as nodes do.
    /// </summary>
    public static int Best(ReadOnlySpan<Standing> all, int present)
    {
        int best = present >= 0 && all[present].Grade != StandingGrade.None ? present : -1;
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Grade != StandingGrade.None && (best < 0 || all[i].IsBetterThan(all[best])))
            {
                best = i;
            }
        }

        return best;
    }

    // One that lets us wait for once is no reason to go back to a lower tip.
    private bool IsBetterThan(in Standing other) =>
        IsFresh != other.IsFresh ? IsFresh
        : Height != other.Height ? Height > other.Height
        : Grade != other.Grade ? Grade > other.Grade
        : HasPeers && !other.HasPeers;

    private bool IsFresh => Grade > StandingGrade.Stale;
}
