namespace Stratum.Cli;

/// <summary>A plain line now and then, where there is no terminal.</summary>
internal sealed class DemoLines(TextWriter output) : IDemoPicture
{
    public async Task ShowAsync(DemoRun demo, CancellationToken end)
    {
        await output.WriteLineAsync($"A pool on {demo.Summary().Endpoint}; point a miner at it, or watch:");
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            while (await timer.WaitForNextTickAsync(end))
                await output.WriteLineAsync(demo.Summary().ToText());
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
