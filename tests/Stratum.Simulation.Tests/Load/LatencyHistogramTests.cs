using Stratum.Testing;

namespace Stratum.Simulation.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void Percentile_OfRandomDurations_IsNeverLessAndAtMostItsBucketMore(int count)
    {
        var random = new Random(count);
        var histogram = new LatencyHistogram();
        var durations = new List<long>();
        for (int i = 0; i < count; i++)
        {
            // Every order of magnitude.
            long duration = random.NextInt64(1L << random.Next(1, 62));
            durations.Add(duration);
            histogram.Record(duration);
        }

        durations.Sort();
        foreach (double share in (double[])[0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1])
        {
            long exact = durations[Math.Max(0, (int)Math.Ceiling(count * share) - 1)];
            Assert.InRange(histogram.Percentile(share), exact, exact + (exact / 127.0));
        }

        Assert.Equal(durations[^1], histogram.Max);
        Assert.Equal(count, histogram.Count);
    }

    [Fact]
    public void Percentile_Nothing_IsZero() => Assert.Equal((0, 0), (new LatencyHistogram().Percentile(0.5), new LatencyHistogram().Max));

    [Fact]
    public void Record_TheShortestAndTheLongest_HaveABucket()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5); // the clocks of two processors
        histogram.Record(0);
        histogram.Record(long.MaxValue);
        Assert.Equal((0, long.MaxValue), (histogram.Percentile(0.5), histogram.Percentile(1)));
    }

    [Fact]
    public void Record_ManyTimes_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                histogram.Record(i * 1000L);
            }
        }));
    }
}
