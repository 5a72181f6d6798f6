using Microsoft.Extensions.Logging;

namespace Stratum.Daemon;

/// <summary>Ids 600 to 699.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(600, LogLevel.Information, "{Text}")]
    public static partial void Ready(ILogger logger, string text);

    [LoggerMessage(601, LogLevel.Warning, "Waiting for work: {Text}")]
    public static partial void Waiting(ILogger logger, string text);

    [LoggerMessage(602, LogLevel.Error, "A handler of StatusChanged threw")]
    public static partial void HandlerThrew(ILogger logger, Exception e);

    [LoggerMessage(603, LogLevel.Debug, "The long poll brought nothing ({Reason}); the tip is polled for {Pause}")]
    public static partial void LongPollRests(ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(604, LogLevel.Debug, "Template of height {Height} on {Previous}, {Transactions} transactions")]
    public static partial void Template(ILogger logger, long height, string previous, int transactions);

    [LoggerMessage(605, LogLevel.Error, "Unexpected failure while asking for work")]
    public static partial void Unexpected(ILogger logger, Exception e);
}
