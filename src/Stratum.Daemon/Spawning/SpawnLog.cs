using Microsoft.Extensions.Logging;

namespace Stratum.Daemon;

/// <summary>Ids 650 to 699, of spawned daemons. Command lines hold no secret.</summary>
internal static partial class SpawnLog
{
    [LoggerMessage(650, LogLevel.Debug, "{Name} is started: {Program} {Arguments}")]
    public static partial void Spawning(ILogger logger, string name, string program, string arguments);

    [LoggerMessage(651, LogLevel.Information, "{Name} runs already (pid {Pid}) and is taken over")]
    public static partial void Adopting(ILogger logger, string name, int pid);

    [LoggerMessage(652, LogLevel.Information, "{Text}")]
    public static partial void Changed(ILogger logger, string text);

    [LoggerMessage(653, LogLevel.Warning, "{Text}")]
    public static partial void Trouble(ILogger logger, string text);

    [LoggerMessage(654, LogLevel.Warning,
        "{Name} was started with other {Options} than is wanted now; stop it once to have them as wanted")]
    public static partial void Differs(ILogger logger, string name, string options);

    [LoggerMessage(655, LogLevel.Warning, "{Name} does not take the call stop ({Reason})")]
    public static partial void StopRefused(ILogger logger, string name, string reason);

    [LoggerMessage(656, LogLevel.Warning, "{Name} (pid {Pid}) has not ended: SIG{Signal} is sent")]
    public static partial void Signalled(ILogger logger, string name, int pid, string signal);
}
