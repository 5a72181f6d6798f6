namespace Stratum.Daemon;

/// <summary>A daemon at the moment of a choice.</summary>
/// <param name="Grade">Counts first.</param>
/// <param name="Height">Of its template; counts second.</param>
/// <param name="HasPeers">False when it said that it has none; counts third.</param>
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

    private bool IsBetterThan(in Standing other) =>
        Grade != other.Grade ? Grade > other.Grade
        : Height != other.Height ? Height > other.Height
        : HasPeers && !other.HasPeers;
}
