using System.Net;
using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>Ids 520 to 529. Never a parameter, a result or a header: they hold passwords.</summary>
internal static partial class RpcLog
{
    [LoggerMessage(520, LogLevel.Debug, "{Remote} called {Method}: {Outcome} in {Milliseconds} ms")]
    public static partial void Called(
        ILogger logger, IPEndPoint? remote, string method, string outcome, long milliseconds);

    [LoggerMessage(521, LogLevel.Warning, "The handler of {Method} failed")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception failure);

    [LoggerMessage(522, LogLevel.Warning, "{Address} gave a wrong password, the {Count}. within a minute")]
    public static partial void WrongPassword(ILogger logger, IPAddress address, int count);
}
