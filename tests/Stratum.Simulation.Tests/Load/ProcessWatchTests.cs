using System.Diagnostics;

namespace Stratum.Simulation.Tests;

public sealed class ProcessWatchTests
{
    [Fact]
    public async Task ProcessorTime_ThreadThatEnded_StaysCounted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from /proc");
        await using ProcessWatch watch = Start();
        TimeSpan before = watch.ProcessorTime()!.Value;
        using var burnt = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            var own = Stopwatch.StartNew();
            while (own.Elapsed < TimeSpan.FromMilliseconds(50) || watch.ProcessorTime() - before < TimeSpan.FromMilliseconds(20))
            {
            }

            burnt.Set();
            end.Wait();
        });
        thread.Start();
        burnt.Wait();
        TimeSpan seen = watch.ProcessorTime()!.Value;
        end.Set();
        thread.Join();

        Assert.True(seen - before >= TimeSpan.FromMilliseconds(20));
        Assert.True(watch.ProcessorTime() >= seen);
        Assert.True(watch.ResidentBytes() > 1_000_000);
    }

    [Fact]
    public async Task ProcessorTime_ProcessThatEnded_Null()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from /proc");
        using Process process = Process.Start("sleep", "600");
        await using ProcessWatch watch = ProcessWatch.TryStart(process.Id, TimeProvider.System, out string? problem)!;
        Assert.Null(problem);
        Assert.NotNull(watch.ProcessorTime());
        process.Kill();
        await process.WaitForExitAsync();

        Assert.Null(watch.ProcessorTime());
        Assert.Null(watch.ResidentBytes());
    }

    private static ProcessWatch Start()
    {
        ProcessWatch? watch = ProcessWatch.TryStart(Environment.ProcessId, TimeProvider.System, out string? problem);
        Assert.Null(problem);
        return watch!;
    }
}
