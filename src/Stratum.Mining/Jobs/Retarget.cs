namespace Stratum.Mining;

/// <summary>
/// The arithmetic of variable difficulty: from shares counted to the difficulty that gives the wished rate.
/// </summary>
public static class Retarget
{
    // A change by more than this at once would be a guess from few shares.
    private const double MaxStep = 16;

    /// <summary>
    /// The difficulty at which shares would come every <paramref name="interval"/>, or null while the count says
    /// nothing reliable or the rate is within a factor of two of the goal.
    /// </summary>
    /// <param name="current">The difficulty at which the shares were found.</param>
    /// <param name="elapsed">Time in which they were found.</param>
    /// <param name="shares">Their number.</param>
    /// <param name="interval">The wished time between two shares.</param>
    public static Difficulty? Next(Difficulty current, TimeSpan elapsed, int shares, TimeSpan interval)
    {
        var expected = elapsed / interval;
        // Eight shares, or the time of four without enough of them: the standard deviation is then below the factor 2.
        if (shares < 8 && expected < 4)
            return null;
        var ratio = (shares + 0.5) / Math.Max(expected, 0.01);
        if (ratio is > 0.5 and < 2)
            return null;
        return new Difficulty(Round(current.Value * Math.Clamp(ratio, 1 / MaxStep, MaxStep)));
    }

    // Three digits are plenty for an estimate and keep the number on the wire short.
    private static double Round(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        var digits = Math.Round(value / unit);
        return unit < 1 ? digits / Math.Round(1 / unit) : digits * unit;
    }
}
