using System.Diagnostics;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>
/// Measures every kernel of an algorithm and its baselines in turns, so that a machine that others use too, or that grows
/// hot, does the same to all; a kernel's rate is the median of its turns.
/// </summary>
internal static class HashBenchmark
{
    public const int Turns = 15;

    // Less is the clock's and the compiler's.
    private static readonly TimeSpan s_leastTurn = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_scan = TimeSpan.FromMilliseconds(1);

    /// <summary>Takes about <paramref name="duration"/>, and a second to warm up.</summary>
    public static async Task<IReadOnlyList<KernelRate>> RunAsync(
        string algorithm, int threads, TimeSpan duration, CancellationToken stop)
    {
        var kernels = HashKernel.Of(algorithm);
        var usable = kernels.Where(kernel => kernel.IsUsable).ToList();
        var scanners = usable.ToDictionary(kernel => kernel,
            kernel => Enumerable.Range(0, threads).Select(_ => kernel.CreateScanner()).ToArray());
        var rates = usable.ToDictionary(kernel => kernel, _ => new List<double>());
        var turn = duration / (Turns * usable.Count);
        if (turn < s_leastTurn)
            turn = s_leastTurn;
        // The compiler takes a method in hand again when it has been called often, and some 100 ms later.
        for (var warmUp = 0; warmUp < 2; warmUp++)
            foreach (var kernel in usable)
                await MeasureAsync(scanners[kernel], TimeSpan.FromSeconds(0.5) / usable.Count, stop);
        for (var i = 0; i < Turns; i++)
            foreach (var kernel in usable)
                rates[kernel].Add(await MeasureAsync(scanners[kernel], turn, stop));
        return [.. kernels.Select(kernel => new KernelRate(kernel, rates.TryGetValue(kernel, out var all) ? Median(all) : null))];
    }

    private static async Task<double> MeasureAsync(NonceScanner[] scanners, TimeSpan turn, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var rates = await Task.WhenAll(scanners.Select(scanner => Task.Factory.StartNew(
            () => Measure(scanner, turn), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return rates.Sum();
    }

    private static double Measure(NonceScanner scanner, TimeSpan turn)
    {
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        header.Fill(0x5a);
        uint count = 16, nonce = 0;
        long hashes = 0;
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var before = Stopwatch.GetElapsedTime(began);
            scanner.TryScan(header, nonce, count, Target.Zero, out _, out var scanned);
            hashes += scanned;
            nonce += scanned;
            var after = Stopwatch.GetElapsedTime(began);
            if (after >= turn)
                return hashes / after.TotalSeconds;
            // As many as keep the clock out of it.
            if (after - before < s_scan)
                count = Math.Min(count * 2, 1u << 20);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
