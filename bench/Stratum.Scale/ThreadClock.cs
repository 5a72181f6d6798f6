using System.Runtime.InteropServices;

namespace Stratum.Scale;

/// <summary>The processor's time of this thread: what other programs and threads take does not count.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>Seconds that a piece of work takes.</summary>
    public static double Seconds(Action work)
    {
        var before = Now();
        work();
        return Now() - before;
    }

    private static double Now()
    {
        if (clock_gettime(ThreadCpuTime, out var time) != 0)
            throw new InvalidOperationException("This system has no clock of a thread's own time.");
        return time.Seconds + time.Nanoseconds / 1e9;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
