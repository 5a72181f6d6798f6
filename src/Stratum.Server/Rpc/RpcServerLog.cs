using System.Net;
using Microsoft.Extensions.Logging;

namespace Stratum.Server;

/// <summary>Ids 150 to 159. Nothing of what callers send: it holds passwords.</summary>
internal sealed partial class RpcServerLog(ILogger? logger)
{
    private readonly ILogger _logger = logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    [LoggerMessage(150, LogLevel.Information, "RPC server listening on {EndPoint} ({Reach}); mode {Mode}; it wants {Credentials}")]
    public partial void Listening(IPEndPoint endPoint, string reach, RpcMode mode, string credentials);

    [LoggerMessage(151, LogLevel.Debug, "{Remote} refused: {Connections} connections are open ({Reason})")]
    public partial void Busy(IPEndPoint remote, int connections, BusyReason reason);

    [LoggerMessage(152, LogLevel.Debug, "{Remote} closed: {Why}")]
    public partial void Closed(IPEndPoint remote, string why);

    [LoggerMessage(153, LogLevel.Warning, "Accepting RPC connections failed ({Error}); trying again. With 'too many open files' raise the limit (ulimit -n)")]
    public partial void AcceptFailed(string error);

    [LoggerMessage(154, LogLevel.Warning, "The RPC connection of {Remote} failed")]
    public partial void ConnectionFailed(IPEndPoint? remote, Exception failure);

    [LoggerMessage(155, LogLevel.Warning, "A handler of {Method} failed; another one's answer went out")]
    public partial void HandlerFailed(string method, Exception failure);

    [LoggerMessage(156, LogLevel.Warning, "{Count} RPC connections did not end in time")]
    public partial void StopTimedOut(int count);
}
