using Stratum.Client;

namespace Stratum.Simulation;

public sealed partial class CpuMiner
{
    private long _hashes;
    private long _accepted;
    private long _stale;
    private long _rejected;
    private long _unanswered;
    private long _jobs;
    private long _startedAt;
    private long _firstJobAt;
    private long _firstAccepted = -1; // in ticks since the start
    private volatile bool _hadPool;

    /// <summary>What it has done so far.</summary>
    public CpuMinerStatistics Statistics
    {
        get
        {
            long hashes = Interlocked.Read(ref _hashes);
            long first = Interlocked.Read(ref _firstAccepted);
            long began = Interlocked.Read(ref _firstJobAt);
            double seconds = began == 0 ? 0 : Options.Client.TimeProvider.GetElapsedTime(began).TotalSeconds;
            return new CpuMinerStatistics(
                hashes,
                seconds > 0 ? hashes / seconds : 0,
                Interlocked.Read(ref _accepted),
                Interlocked.Read(ref _stale),
                Interlocked.Read(ref _rejected),
                Interlocked.Read(ref _unanswered),
                Interlocked.Read(ref _jobs),
                first < 0 ? null : TimeSpan.FromTicks(first));
        }
    }

    internal void AddHashes(uint count) => Interlocked.Add(ref _hashes, count);

    /// <summary>Counts an answer.</summary>
    /// <returns>How many shares are accepted.</returns>
    private long Count(SubmitResult result)
    {
        if (!result.IsAccepted)
        {
            Interlocked.Increment(ref result.IsStale ? ref _stale : ref _rejected);
            return Interlocked.Read(ref _accepted);
        }

        long elapsed = Options.Client.TimeProvider.GetElapsedTime(_startedAt).Ticks;
        Interlocked.CompareExchange(ref _firstAccepted, elapsed, -1);
        return Interlocked.Increment(ref _accepted);
    }
}
