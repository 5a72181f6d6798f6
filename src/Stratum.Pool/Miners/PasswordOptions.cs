using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>
/// Settings that miners put into their password, since their firmware offers no other place: <c>d=0.5</c>, beside
/// others after a comma or semicolon (<c>x,d=0.5</c>), as in btcpool and miningcore.
/// </summary>
public static class PasswordOptions
{
    /// <summary>The difficulty that a password asks for; null when it asks for none that can be read.</summary>
    public static Difficulty? Difficulty(string? password)
    {
        foreach (var part in (password ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || part[..equals] is not ("d" or "diff"))
                continue;
            if (Mining.Difficulty.TryParse(part[(equals + 1)..], out var difficulty))
                return difficulty;
        }
        return null;
    }
}
