using System.Globalization;
using Stratum.Daemon;

namespace Stratum.Pool;

/// <summary>Asks a daemon what can be known before miners rely on it.</summary>
internal static class DaemonChecker
{
    // A template's time is bounded by the median of 11 blocks and two hours; seconds are noise, more is a clock to be set.
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromSeconds(5);

    public static async Task<DaemonCheck> CheckAsync(CoinDaemon daemon, string address, CancellationToken cancellationToken)
    {
        var health = await daemon.GetHealthAsync(cancellationToken).ConfigureAwait(false);
        var owns = await daemon.OwnsAddressAsync(address, cancellationToken).ConfigureAwait(false);
        var warnings = new List<string>();
        if (health.IsSyncing)
            warnings.Add($"{daemon.Name} is still downloading its chain (height {health.Height}): its work is out of date.");
        if (health.Peers == 0)
            warnings.Add($"{daemon.Name} has no peers: a block that it takes goes to nobody.");
        if (health.ClockDifference is { } difference && difference.Duration() > s_clockTolerance)
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"The clock of {daemon.Name} is {difference.Duration().TotalSeconds:F0} s {(difference > TimeSpan.Zero ? "ahead of" : "behind")} ours: set one of them (NTP), or blocks may be refused for their time."));
        if (owns is false)
            warnings.Add($"The wallet of {daemon.Name} does not own {address}: make sure that you hold its key.");
        return new DaemonCheck(daemon, health, owns, warnings);
    }
}
