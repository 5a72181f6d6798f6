namespace Stratum.Simulation;

/// <summary>What the server's process needed.</summary>
/// <param name="Pid">The process.</param>
/// <param name="ProcessorTime">Of all its threads while it was measured; null when it ended before.</param>
/// <param name="MicrosecondsPerOperation">Of that, what one operation took; null without one.</param>
/// <param name="BytesPerSession">
/// What its resident memory grew by from before the first connection to the end, by session; null when no sessions
/// were held.
/// </param>
/// <param name="ResidentBytes">Its resident memory at the end; null when it ended before.</param>
public sealed record LoadServerUse(
    int Pid, TimeSpan? ProcessorTime, double? MicrosecondsPerOperation, double? BytesPerSession, long? ResidentBytes);
