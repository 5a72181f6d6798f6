using System.ComponentModel;
using System.Diagnostics;

namespace Stratum.Daemon;

/// <summary>A daemon's process: our child, or one that was there before us.</summary>
internal sealed class DaemonProcess : IDisposable
{
    private const int SignalBase = 128;

    private readonly ProcessStat _stat;
    private readonly Process? _child;
    private readonly CancellationTokenSource _forgotten = new();

    private DaemonProcess(ProcessStat stat, Process? child, Func<CancellationToken, Task> endAsync)
    {
        _stat = stat;
        _child = child;
        Ended = endAsync(_forgotten.Token);
    }

    public int Pid => _stat.Pid;

    public bool IsAdopted => _child is null;

    /// <summary>Completes when it has ended; never fails, but is cancelled by <see cref="Dispose"/>.</summary>
    public Task Ended { get; }

    /// <summary>Its exit code once it has ended; null for one that was adopted.</summary>
    public int? ExitCode => Status is { } status and <= SignalBase ? status : null;

    /// <summary>The signal that ended it.</summary>
    public int? Signal => Status is { } status and > SignalBase ? status - SignalBase : null;

    private int? Status => _child is { HasExited: true } child ? child.ExitCode : null;

    /// <summary>Our child.</summary>
    public static DaemonProcess Of(Process child) => new(
        // One that has ended is told by its exit code alone.
        ProcessStat.Of(child.Id) ?? new ProcessStat(child.Id, 'X', child.Id, 0), child, child.WaitForExitAsync);

    /// <summary>One that runs already. Nobody but its parent is told of its end: it is looked at.</summary>
    public static DaemonProcess Adopt(ProcessStat stat, TimeSpan interval, TimeProvider time) => new(
        stat,
        null,
        async token =>
        {
            while (ProcessStat.Of(stat.Pid) is { HasEnded: false } now && now.Start == stat.Start)
            {
                await Task.Delay(interval, time, token).ConfigureAwait(false);
            }
        });

    /// <summary>Sends a signal, to all of its session where it leads one: a script around the daemon and what the daemon
    /// runs belong to it.</summary>
    /// <param name="name"><c>TERM</c>, <c>KILL</c>.</param>
    public async Task SignalAsync(string name)
    {
        if (ProcessStat.Of(Pid) is not { HasEnded: false } now || now.Start != _stat.Start)
        {
            return;
        }

        // There is no such call in .NET, and every shell has one.
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "kill -s \"$0\" -- \"$1\" 2>/dev/null", name, now.Session == Pid ? $"-{Pid}" : $"{Pid}"]);
        try
        {
            using Process? kill = Process.Start(start);
            await (kill?.WaitForExitAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Win32Exception)
        {
            // No process can be started now; the wait for the end tells.
        }
    }

    /// <summary>Forgets it; it goes on.</summary>
    public void Dispose()
    {
        _forgotten.Cancel();
        _forgotten.Dispose();
        _child?.Dispose();
    }
}
