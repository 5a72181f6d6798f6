using System.Globalization;

namespace Stratum.Simulation;

/// <summary>
/// Processor time and memory of another process on Linux. Its threads are looked at several times a second, so that
/// those that end are counted, too.
/// </summary>
internal sealed class ProcessWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly string _folder;
    private readonly Lock _gate = new();
    private readonly ThreadTimes _times;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private bool _isGone;
    private string? _problem;

    private ProcessWatch(string folder, TimeProvider time)
    {
        _folder = folder;
        _times = new ThreadTimes(folder);
        _looking = LookAsync(time);
    }

    /// <summary>Begins to look.</summary>
    /// <returns>Null with the reason when there is nothing to see.</returns>
    public static ProcessWatch? TryStart(int pid, TimeProvider time, out string? problem) =>
        TryStart($"/proc/{pid}", "/proc/self", pid, time, out problem);

    /// <summary>Of folders like those in /proc, its and our own, for tests.</summary>
    internal static ProcessWatch? TryStart(string folder, string own, int pid, TimeProvider time, out string? problem)
    {
        problem = !OperatingSystem.IsLinux() ? "the processor time of other processes is read from /proc, which only Linux has"
            : !Directory.Exists(folder) ? $"there is no process {pid}"
            : !TellsTimes(own) ? $"this system does not tell the processor time of threads in {own}/task/*/schedstat"
            : null;
        if (problem is not null)
        {
            return null;
        }

        var watch = new ProcessWatch(folder, time);
        if (watch.ProcessorTime() is not null && watch.ResidentBytes() is not null)
        {
            return watch;
        }

        problem = $"{folder} cannot be read: {watch._problem}";
        _ = watch.DisposeAsync().AsTask();
        return null;
    }

    /// <summary>Of all its threads since they began; null when it is gone.</summary>
    public TimeSpan? ProcessorTime()
    {
        lock (_gate)
        {
            Look();
            return _isGone ? null : TimeSpan.FromTicks(_times.Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>What it has in memory; null when it is gone.</summary>
    public long? ResidentBytes()
    {
        try
        {
            // Exact, where it may be read; statm lags behind by some hundred pages.
            string rollup = $"{_folder}/smaps_rollup";
            string? line = File.Exists(rollup) ? File.ReadLines(rollup).FirstOrDefault(one => one.StartsWith("Rss:", StringComparison.Ordinal)) : null;
            return line is not null
                ? long.Parse(line.AsSpan(4).TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * 1024
                : ResidentPages();
        }
        catch (UnauthorizedAccessException)
        {
            return ResidentPages();
        }
        catch (IOException error)
        {
            _problem = error.Message;
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
        _stop.Dispose();
        _times.Dispose();
    }

    // Without the kernel's account of threads the files are missing or all zeros. We have run, the other may just begin.
    private static bool TellsTimes(string own)
    {
        using var times = new ThreadTimes(own);
        times.Look();
        return times.Nanoseconds > 0;
    }

    private long? ResidentPages()
    {
        try
        {
            string[] pages = File.ReadAllText($"{_folder}/statm").Split(' ');
            return long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problem = error.Message;
            return null;
        }
    }

    private async Task LookAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                lock (_gate)
                {
                    Look();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Look()
    {
        try
        {
            _times.Look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _isGone = true;
            _problem = error.Message;
        }
    }
}
