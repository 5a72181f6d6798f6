using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>Ids 510 to 519. Names of methods only: the first parameter is a password.</summary>
internal static partial class TcpLog
{
    [LoggerMessage(510, LogLevel.Debug, "{Host}:{Port} {Method} -> answered in {Milliseconds} ms")]
    public static partial void Answered(ILogger logger, string host, int port, string method, long milliseconds);

    [LoggerMessage(511, LogLevel.Debug, "{Host}:{Port} {Method} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string host, int port, string method, string reason);
}
