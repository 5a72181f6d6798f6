namespace Stratum.BlockNotify;

/// <summary><c>500ms</c>, <c>20s</c>, <c>5m</c>, <c>1h</c>; a bare number is seconds.</summary>
internal static class Duration
{
    private const int Day = 24 * 60 * 60 * 1000;

    /// <summary>The milliseconds, at most a day's; 0 when the text is no duration.</summary>
    public static int Parse(ReadOnlySpan<char> text)
    {
        var number = text.TrimEnd("hms");
        var unit = text[number.Length..] switch
        {
            "ms" => 1,
            "s" or "" => 1000,
            "m" => 60 * 1000,
            "h" => 60 * 60 * 1000,
            _ => Day + 1,
        };
        return unit * Digits.Parse(number, Day / unit);
    }
}
