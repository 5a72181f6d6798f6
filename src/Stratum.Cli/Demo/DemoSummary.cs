using System.Globalization;
using System.Text.Json.Nodes;

namespace Stratum.Cli;

/// <summary>What a demo has done so far.</summary>
internal sealed record DemoSummary(
    long Accepted, long Stale, long Rejected, long Blocks, long Height, double HashRate, double? SecondsToFirstShare,
    TimeSpan Elapsed, TimeSpan? LastJobAge, string Endpoint, string? Refusal)
{
    /// <summary>Why the demo did not do its job; null when it did.</summary>
    public string? Failure =>
        Accepted == 0 ? "No share was accepted: give the demo more time (--duration 30s)."
        : Rejected > 0 ? $"{Rejected} shares were refused: {Refusal}."
        : Blocks == 0 ? "No block was found: give the demo more time (--duration 30s)."
        : null;

    public JsonObject ToJson() => new()
    {
        ["accepted"] = Accepted,
        ["stale"] = Stale,
        ["rejected"] = Rejected,
        ["blocks"] = Blocks,
        ["height"] = Height,
        ["hashrate"] = Math.Round(HashRate),
        ["secondsToFirstShare"] = SecondsToFirstShare is { } seconds ? Math.Round(seconds, 3) : null,
        ["seconds"] = Math.Round(Elapsed.TotalSeconds, 1),
    };

    public string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{Elapsed.TotalSeconds,5:F0} s  {Cli.HashRate.Format(HashRate),10}  accepted {Accepted}  stale {Stale}  rejected {Rejected}  "
        + $"blocks {Blocks}  height {Height}  last job {LastJobAge?.TotalSeconds ?? 0:F1} s ago");
}
