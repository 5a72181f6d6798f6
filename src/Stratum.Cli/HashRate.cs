using System.Globalization;

namespace Stratum.Cli;

/// <summary>Hash rates for people.</summary>
internal static class HashRate
{
    private static readonly string[] s_units = ["H/s", "kH/s", "MH/s", "GH/s", "TH/s"];

    public static string Format(double hashesPerSecond)
    {
        var unit = 0;
        for (; hashesPerSecond >= 1000 && unit < s_units.Length - 1; unit++)
            hashesPerSecond /= 1000;
        return hashesPerSecond.ToString("F1", CultureInfo.InvariantCulture) + " " + s_units[unit];
    }
}
