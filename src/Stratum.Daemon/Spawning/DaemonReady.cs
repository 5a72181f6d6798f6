namespace Stratum.Daemon;

/// <summary>A daemon answers calls.</summary>
/// <param name="Pid">Of its process.</param>
/// <param name="IsAdopted">It ran already and was not started anew.</param>
/// <param name="Differences">What an adopted one was started with otherwise than is wanted now, one option a line
/// (<c>-blocknotify</c>: it tells somebody else of its blocks). Stop it once to have them as wanted.</param>
public sealed record DaemonReady(int Pid, bool IsAdopted, IReadOnlyList<string> Differences);
