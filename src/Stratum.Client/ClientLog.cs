using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>The client's log.</summary>
internal sealed partial class ClientLog(ILogger? logger)
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    public bool IsWireOn => _logger.IsEnabled(LogLevel.Trace);

    [LoggerMessage(300, LogLevel.Information, "Lost {Url}: {Reason}")]
    public partial void Disconnected(StratumUrl url, string reason);

    [LoggerMessage(301, LogLevel.Information, "Trying {Url} in {Seconds:0.0} s")]
    public partial void Reconnecting(StratumUrl url, double seconds);

    [LoggerMessage(302, LogLevel.Warning, "Gave {Url} up: {Reason}")]
    public partial void GaveUp(StratumUrl url, string reason);

    [LoggerMessage(303, LogLevel.Debug, "{Url} job {Job} clean {Clean} difficulty {Difficulty}")]
    public partial void Job(StratumUrl url, string job, bool clean, Difficulty difficulty);

    [LoggerMessage(304, LogLevel.Debug, "{Url} sent what it should not: {Text}")]
    public partial void ProtocolError(StratumUrl? url, string text);

    [LoggerMessage(305, LogLevel.Debug, "{Url} sent {Method}, which nobody handles")]
    public partial void UnknownNotification(StratumUrl url, string method);

    [LoggerMessage(306, LogLevel.Information, "{Url} says: {Text}")]
    public partial void MessageShown(StratumUrl url, string text);

    [LoggerMessage(307, LogLevel.Debug, "{Url} gives no version rolling: {Reason}")]
    public partial void NoVersionRolling(StratumUrl url, string reason);

    [LoggerMessage(308, LogLevel.Warning, "A handler failed")]
    public partial void HandlerFailed(Exception failure);

    public void Received(ReadOnlySpan<byte> line) => Show("<", line);

    public void Sent(ReadOnlySpan<byte> line) => Show(">", line);

    private void Show(string direction, ReadOnlySpan<byte> line)
    {
        if (IsWireOn)
            Wire(direction, LogLine.Of(line));
    }

    [LoggerMessage(309, LogLevel.Trace, "{Direction} {Line}")]
    private partial void Wire(string direction, string line);
}
