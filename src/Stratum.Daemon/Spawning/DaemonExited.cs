namespace Stratum.Daemon;

/// <summary>A daemon's process ended.</summary>
/// <param name="Pid">Of the process that was.</param>
/// <param name="ExitCode">Its exit code; null when a signal ended it, or when it was adopted: only a parent is told.
/// </param>
/// <param name="Signal">The signal that ended it (9: killed, 11: crashed), or null.</param>
/// <param name="LastLines">The last of what it wrote to its output, oldest first.</param>
/// <param name="WasAskedTo">We had told it to stop; otherwise it is started again, unless its first start failed.
/// </param>
public sealed record DaemonExited(
    int Pid, int? ExitCode, int? Signal, IReadOnlyList<string> LastLines, bool WasAskedTo)
{
    /// <summary><c>exit code 1</c>, <c>signal 9</c>.</summary>
    public string Reason => (ExitCode, Signal) switch
    {
        ({ } code, _) => $"exit code {code}",
        (_, { } signal) => $"signal {signal}",
        _ => "exit code unknown",
    };
}
