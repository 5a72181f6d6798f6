namespace Stratum.Simulation;

/// <summary>Durations in microseconds, each at most 0.8 % too long; <see cref="Max"/> is exact.</summary>
/// <param name="P50">Half took no longer.</param>
/// <param name="P90">Nine of ten took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="P999">999 of 1000 took no longer.</param>
/// <param name="Max">The longest.</param>
public readonly record struct LoadLatency(double P50, double P90, double P99, double P999, double Max)
{
    internal static LoadLatency Of(LatencyHistogram histogram) => new(
        histogram.Percentile(0.5) / 1e3,
        histogram.Percentile(0.9) / 1e3,
        histogram.Percentile(0.99) / 1e3,
        histogram.Percentile(0.999) / 1e3,
        histogram.Max / 1e3);
}
