using Microsoft.Extensions.Logging;

namespace Stratum;

/// <summary>The node's log.</summary>
internal sealed partial class NodeLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(700, LogLevel.Debug, "Starting {Part}")]
    public partial void Starting(string part);

    [LoggerMessage(701, LogLevel.Information, "{Part} started")]
    public partial void Started(string part);

    [LoggerMessage(702, LogLevel.Error, "{Part} did not start: {Reason}")]
    public partial void NotStarted(string part, string reason);

    [LoggerMessage(703, LogLevel.Information, "{Part} stopped")]
    public partial void Stopped(string part);

    [LoggerMessage(704, LogLevel.Warning, "{Part} did not stop in good order")]
    public partial void NotStopped(string part, Exception error);

    [LoggerMessage(706, LogLevel.Warning, "Daemons do not call back: there is neither Stratum.BlockNotify beside this program nor blocknotify in PATH; set NotifyProgram")]
    public partial void NoNotifyProgram();

    [LoggerMessage(705, LogLevel.Debug, "{Source} told of block {Block}; news: {IsNews}")]
    public partial void BlockTold(string source, string block, bool isNews);
}
