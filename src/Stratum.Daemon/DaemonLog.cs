using Microsoft.Extensions.Logging;
using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>
/// Ids 600 to 699. One class for the whole assembly: the SDK's generator writes several in an order of chance, and no build would
/// have the bytes of another.
/// </summary>
internal static partial class DaemonLog
{
    [LoggerMessage(600, LogLevel.Information, "{Text}")]
    public static partial void Ready(ILogger logger, string text);

    [LoggerMessage(601, LogLevel.Warning, "Waiting for work: {Text}")]
    public static partial void Waiting(ILogger logger, string text);

    [LoggerMessage(602, LogLevel.Error, "A handler of an event threw")]
    public static partial void HandlerThrew(ILogger logger, Exception e);

    [LoggerMessage(603, LogLevel.Debug, "The long poll brought nothing ({Reason}); the tip is polled for {Pause}")]
    public static partial void LongPollRests(ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(604, LogLevel.Debug, "Template of height {Height} on {Previous}, {Transactions} transactions")]
    public static partial void Template(ILogger logger, long height, string previous, int transactions);

    [LoggerMessage(605, LogLevel.Error, "Unexpected failure while asking for work")]
    public static partial void Unexpected(ILogger logger, Exception e);

    [LoggerMessage(606, LogLevel.Debug, "{Place} does not say how it is: {Reason}")]
    public static partial void NoHealth(ILogger logger, string place, string reason);

    [LoggerMessage(607, LogLevel.Debug, "{Source} tells of block {Block}")]
    public static partial void BlockHeard(ILogger logger, string source, Hash256 block);

    [LoggerMessage(608, LogLevel.Warning, "{Source} ended and is started again; blocks come by long poll meanwhile")]
    public static partial void SourceEnded(ILogger logger, string source, Exception? e);

    [LoggerMessage(609, LogLevel.Information, "Work is taken from {Name}")]
    public static partial void Current(ILogger logger, string name);

    [LoggerMessage(610, LogLevel.Warning, "No daemon gives work")]
    public static partial void NoCurrent(ILogger logger);

    // Of spawned daemons, ids 650 to 699. Command lines hold no secret.

    [LoggerMessage(650, LogLevel.Debug, "{Name} is started: {Program} {Arguments}")]
    public static partial void Spawning(ILogger logger, string name, string program, string arguments);

    [LoggerMessage(651, LogLevel.Information, "{Name} runs already (pid {Pid}) and is taken over")]
    public static partial void Adopting(ILogger logger, string name, int pid);

    [LoggerMessage(652, LogLevel.Information, "{Text}")]
    public static partial void SpawnChanged(ILogger logger, string text);

    [LoggerMessage(653, LogLevel.Warning, "{Text}")]
    public static partial void SpawnTrouble(ILogger logger, string text);

    [LoggerMessage(654, LogLevel.Warning,
        "{Name} was started with other {Options} than is wanted now; stop it once to have them as wanted")]
    public static partial void SpawnDiffers(ILogger logger, string name, string options);

    [LoggerMessage(655, LogLevel.Warning, "{Name} does not take the call stop ({Reason})")]
    public static partial void StopRefused(ILogger logger, string name, string reason);

    [LoggerMessage(656, LogLevel.Warning, "{Name} (pid {Pid}) has not ended: SIG{Signal} is sent")]
    public static partial void Signalled(ILogger logger, string name, int pid, string signal);
}
