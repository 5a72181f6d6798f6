using System.Net;
using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>
/// Ids 500 to 599. Names of methods only, never a parameter, a result or a header: they hold passwords and a wallet's secrets. One
/// class for the whole assembly: the SDK's generator writes several in an order of chance, and no build would have the bytes of another.
/// </summary>
internal static partial class RpcLog
{
    [LoggerMessage(500, LogLevel.Debug, "{Host}:{Port} {Method} -> HTTP {Status}, {Bytes} bytes in {Milliseconds} ms")]
    public static partial void HttpAnswered(
        ILogger logger, string host, int port, string method, int status, int bytes, long milliseconds);

    [LoggerMessage(501, LogLevel.Debug, "{Host}:{Port} {Method} failed: {Reason}")]
    public static partial void HttpFailed(ILogger logger, string host, int port, string method, string reason);

    [LoggerMessage(502, LogLevel.Debug, "{Host}:{Port} refused the credentials; read again from their file")]
    public static partial void CredentialsRead(ILogger logger, string host, int port);

    [LoggerMessage(510, LogLevel.Debug, "{Host}:{Port} {Method} -> answered in {Milliseconds} ms")]
    public static partial void TcpAnswered(ILogger logger, string host, int port, string method, long milliseconds);

    [LoggerMessage(511, LogLevel.Debug, "{Host}:{Port} {Method} failed: {Reason}")]
    public static partial void TcpFailed(ILogger logger, string host, int port, string method, string reason);

    [LoggerMessage(520, LogLevel.Debug, "{Remote} called {Method}: {Outcome} in {Milliseconds} ms")]
    public static partial void Called(
        ILogger logger, IPEndPoint? remote, string method, string outcome, long milliseconds);

    [LoggerMessage(521, LogLevel.Warning, "The handler of {Method} failed")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception failure);

    [LoggerMessage(522, LogLevel.Warning, "{Address} gave a wrong password, the {Count}. within a minute")]
    public static partial void WrongPassword(ILogger logger, IPAddress address, int count);
}
