namespace Stratum.Daemon;

/// <summary>A daemon's process runs; it does not answer yet.</summary>
/// <param name="Pid">Of the process.</param>
/// <param name="IsAdopted">It ran already and was not started anew.</param>
public sealed record DaemonStarting(int Pid, bool IsAdopted);
