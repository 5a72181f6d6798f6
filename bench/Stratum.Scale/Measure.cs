using System.Diagnostics;

namespace Stratum.Scale;

/// <summary>Measures one population, in a process that has no other.</summary>
internal static class Measure
{
    private const int Shares = 1_000_000;

    // Small populations do everything so often that the clock can tell.
    private const int LeastOperations = 200_000;

    public static async Task<Figures> RunAsync(int sessions)
    {
        await WarmUpAsync();
        var live = GC.GetTotalMemory(forceFullCollection: true);
        var resident = Resident();
        await using var population = new Population(sessions);
        await population.StartAsync();
        var (collections, pauses) = (GC.CollectionCount(0), GC.GetTotalPauseDuration());
        var login = ThreadClock.Seconds(population.LogIn);
        (collections, pauses) = (GC.CollectionCount(0) - collections, GC.GetTotalPauseDuration() - pauses);
        var residentAfter = Resident();
        var liveFresh = GC.GetTotalMemory(forceFullCollection: true);

        var rounds = Math.Max(5, LeastOperations / sessions);
        double slots = 0, take = 0, beat = 0, renew = 0;
        for (var i = 0; i < rounds; i++)
        {
            slots += ThreadClock.Seconds(population.FillSlots);
            take += ThreadClock.Seconds(population.TakeAll);
        }
        var liveAfter = GC.GetTotalMemory(forceFullCollection: true);
        var share = ThreadClock.Seconds(() => population.Submit(Shares));
        for (var i = 0; i < rounds; i++)
            beat += ThreadClock.Seconds(population.Beat);
        population.TakeAll();
        var renewals = Math.Min(rounds, 1000);
        for (var i = 0; i < renewals; i++)
        {
            // A share each, or they would have been idle for too long after a while.
            population.Submit(sessions);
            population.Silence();
            renew += ThreadClock.Seconds(population.Beat);
            if (population.Waiting() != sessions)
                throw new InvalidOperationException("Not every session was given its work anew.");
        }
        var began = Stopwatch.GetTimestamp();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: false);
        var collect = Stopwatch.GetElapsedTime(began);
        return new Figures(sessions, 1e6 * login / sessions, (liveFresh - live) / (double)sessions, (liveAfter - live) / (double)sessions,
            (residentAfter - resident) / (double)sessions, 1e6 * share / Shares, 1e3 * slots / rounds, 1e3 * take / rounds,
            1e3 * beat / rounds, 1e3 * renew / renewals, collect.TotalMilliseconds, collections, pauses.TotalMilliseconds);
    }

    // Everything compiled twice before anything is measured.
    private static async Task WarmUpAsync()
    {
        var until = Stopwatch.GetTimestamp() + 3 * Stopwatch.Frequency;
        while (Stopwatch.GetTimestamp() < until)
        {
            await using var population = new Population(200);
            await population.StartAsync();
            population.LogIn();
            population.FillSlots();
            population.TakeAll();
            population.Submit(20_000);
            population.Beat();
            population.Silence();
            population.Beat();
            population.TakeAll();
        }
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
