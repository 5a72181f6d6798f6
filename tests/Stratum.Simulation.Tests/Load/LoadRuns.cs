namespace Stratum.Simulation.Tests;

internal static class LoadRuns
{
    public static TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>A run that is cancelled when there is enough; looked at under the engine's gate.</summary>
    public static async Task<LoadReport> UntilAsync(LoadOptions options, Func<LoadRun, bool> enough)
    {
        var run = new LoadRun(options);
        using var stop = new CancellationTokenSource();
        Task<LoadReport> report = run.RunAsync(stop.Token);
        await UntilAsync(run, enough, report);
        await stop.CancelAsync();
        return await report.WaitAsync(Patience);
    }

    /// <summary>Waits until there is enough, or the run has ended by itself.</summary>
    public static Task UntilAsync(LoadRun run, Func<LoadRun, bool> enough, Task end) => UntilAsync(() =>
    {
        lock (run.Engine.Gate)
        {
            return end.IsCompleted || enough(run);
        }
    });

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
