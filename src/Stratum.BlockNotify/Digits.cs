namespace Stratum.BlockNotify;

/// <summary>Numbers of the command line; .NET's own parsing would load a culture first.</summary>
internal static class Digits
{
    /// <summary>A whole number above 0 and up to a maximum; else 0.</summary>
    public static int Parse(ReadOnlySpan<char> text, int max)
    {
        long value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit) || value > max)
                return 0;
            value = 10 * value + (digit - '0');
        }
        return value <= max ? (int)value : 0;
    }
}
