using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>Ids 500 to 599. Names of methods only: parameters and answers may hold a wallet's secrets.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(500, LogLevel.Debug, "{Host}:{Port} {Method} -> HTTP {Status}, {Bytes} bytes in {Milliseconds} ms")]
    public static partial void Answered(
        ILogger logger, string host, int port, string method, int status, int bytes, long milliseconds);

    [LoggerMessage(501, LogLevel.Debug, "{Host}:{Port} {Method} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string host, int port, string method, string reason);

    [LoggerMessage(502, LogLevel.Debug, "{Host}:{Port} refused the credentials; read again from their file")]
    public static partial void CredentialsRead(ILogger logger, string host, int port);
}
