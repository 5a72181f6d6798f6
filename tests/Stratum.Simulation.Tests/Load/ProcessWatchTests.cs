using System.Diagnostics;
using Stratum.Testing;

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
    public void Look_ThreadsThatCameAndWent_HoldNoFiles()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from /proc");
        using var times = new ThreadTimes($"/proc/{Environment.ProcessId}");
        times.Look();
        int before = times.Count;
        for (int i = 0; i < 20; i++)
        {
            using var end = new ManualResetEventSlim();
            Thread[] threads = [.. Enumerable.Range(0, 20).Select(_ => new Thread(end.Wait))];
            Array.ForEach(threads, thread => thread.Start());
            times.Look();
            Assert.True(times.Count >= 20);
            end.Set();
            Array.ForEach(threads, thread => thread.Join());
        }

        times.Look();
        // Those of other tests come and go, too.
        Assert.True(times.Count < before + 200, $"{times.Count}");
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

    [Theory]
    [InlineData(null)]
    [InlineData("0 0 0\n")]
    public async Task TryStart_SystemWithoutAccountOfThreads_SaysSo(string? schedstat)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from /proc");
        using var folder = new TempFolder();
        string task = Directory.CreateDirectory(Path.Combine(folder.Path, "task", "7")).FullName;
        File.WriteAllText(Path.Combine(folder.Path, "statm"), "100 50 1 1 0 1 0\n");
        string file = Path.Combine(task, "schedstat");
        if (schedstat is not null)
        {
            File.WriteAllText(file, schedstat);
        }

        Assert.Null(ProcessWatch.TryStart(folder.Path, folder.Path, 7, TimeProvider.System, out string? problem));
        Assert.StartsWith("this system does not tell the processor time", problem, StringComparison.Ordinal);

        File.WriteAllText(file, "1234567 89 10\n");
        await using ProcessWatch? watch = ProcessWatch.TryStart(folder.Path, folder.Path, 7, TimeProvider.System, out problem);
        Assert.Equal(1234500, watch?.ProcessorTime()?.TotalNanoseconds);
        Assert.Null(problem);
    }

    private static ProcessWatch Start()
    {
        ProcessWatch? watch = ProcessWatch.TryStart(Environment.ProcessId, TimeProvider.System, out string? problem);
        Assert.Null(problem);
        return watch!;
    }
}
