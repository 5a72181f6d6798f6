using System.Numerics;

namespace Stratum.Simulation;

/// <summary>
/// Durations in nanoseconds, counted in buckets that are at most 0.8 % wide. Its size is fixed and recording allocates
/// nothing.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private long _max;

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly; 0 without one.</summary>
    public long Max => _max;

    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        _counts[BucketOf((ulong)nanoseconds)]++;
        Count++;
        _max = Math.Max(_max, nanoseconds);
    }

    /// <summary>
    /// The duration that this share of all did not exceed, at most 0.8 % too long; 0 when there are none.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        for (int bucket = 0; Count > 0 && bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(_max, HighestOf(bucket));
            }
        }

        return _max;
    }

    // The first SubBuckets values have a bucket each; from there on every power of two has SubBuckets of them.
    private static int BucketOf(ulong value)
    {
        int shift = Math.Max(0, BitOperations.Log2(value | 1) - SubBits);
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    private static long HighestOf(int bucket)
    {
        int shift = Math.Max(0, (bucket / SubBuckets) - 1);
        long lowest = (long)(bucket - (shift * SubBuckets)) << shift;
        return lowest + (1L << shift) - 1;
    }
}
