using System.Net;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>
/// The logs of the servers: Debug is one connection, Information the life cycle, Warning what someone should act on. One class for
/// the whole assembly: the SDK's generator writes several in an order of chance, and no build would have the bytes of another.
/// </summary>
internal sealed partial class ServerLog(ILoggerFactory? factory, string category)
{
    private readonly ILogger _logger = GuardedLogger.Create(factory, category);

    [LoggerMessage(100, LogLevel.Information, "Listening on {EndPoint} ({Reach}); {Hash}; {Driver}")]
    public partial void Listening(IPEndPoint endPoint, string reach, string hash, string driver);

    [LoggerMessage(101, LogLevel.Debug, "{Session} opened")]
    public partial void SessionOpened(StratumSession session);

    [LoggerMessage(102, LogLevel.Debug, "{Session} closed: {Reason}")]
    public partial void SessionClosed(StratumSession session, DisconnectReason reason);

    [LoggerMessage(103, LogLevel.Debug, "{Session} sent a line that could not be read: {Text}")]
    public partial void ProtocolError(StratumSession session, string text);

    [LoggerMessage(104, LogLevel.Debug, "{Session} authorized {Worker}")]
    public partial void WorkerAuthorized(StratumSession session, WorkerName worker);

    [LoggerMessage(105, LogLevel.Warning, "{Session}: a handler failed")]
    public partial void HandlerFailed(StratumSession? session, Exception failure);

    [LoggerMessage(106, LogLevel.Warning, "{Session} failed")]
    public partial void SessionFailed(StratumSession session, Exception failure);

    [LoggerMessage(107, LogLevel.Warning, "Refused {Address}: {Connections} connections are open (the limit of {Reason}), "
        + "and {More} others since this was said; see Limits")]
    public partial void RefusedCap(IPAddress address, int connections, BusyReason reason, int more);

    [LoggerMessage(108, LogLevel.Information, "Block {Height} {BlockId} found by {Worker}")]
    public partial void BlockFound(long height, Hash256 blockId, WorkerName worker);

    [LoggerMessage(109, LogLevel.Debug, "Job {Job} height {Height} clean {Clean} to {Count} sessions")]
    public partial void JobBroadcast(JobId job, long height, bool clean, int count);

    [LoggerMessage(110, LogLevel.Debug, "Job {Job} is the same work anew, to {Count} sessions")]
    public partial void JobRenewed(JobId job, int count);

    [LoggerMessage(111, LogLevel.Warning,
        "The memory for duplicates was full: {Forgotten} shares forgotten, {OfLiveJobs} of them of live jobs; raise Work.MaxSeenShares or the difficulty")]
    public partial void SeenSharesTrimmed(int forgotten, int ofLiveJobs);

    [LoggerMessage(112, LogLevel.Warning, "{Count} sessions did not end in time")]
    public partial void StopTimedOut(int count);

    [LoggerMessage(113, LogLevel.Warning, "Accepting failed ({Error}), and {More} times since this was said; trying again. "
        + "With 'too many open files' raise the limit (ulimit -n), with 'no space left on device' fs.epoll.max_user_watches (sysctl)")]
    public partial void AcceptFailed(string error, int more);

    [LoggerMessage(124, LogLevel.Warning, "Refused {Address}: {Connections} connections are open and {Limit} files may be, "
        + "{Reserve} of them are kept for other things; {More} others since this was said. Raise the limit (ulimit -n)")]
    public partial void RefusedOpenFiles(IPAddress address, int connections, long limit, long reserve, int more);

    [LoggerMessage(125, LogLevel.Debug, "Refused {Address}: {Reason}")]
    public partial void Refused(IPAddress address, BusyReason reason);

    [LoggerMessage(126, LogLevel.Information, "At most {Most} connections will be let in: {Limit} files may be open (ulimit -n), "
        + "though MaxConnections is {Wanted}")]
    public partial void OpenFilesFirst(long most, long limit, int wanted);

    [LoggerMessage(114, LogLevel.Debug, "{Address} sent {What}; closed")]
    public partial void NotStratum(EndPoint? address, string what);

    [LoggerMessage(115, LogLevel.Debug, "TLS with {Address} failed: {Text}")]
    public partial void TlsFailed(EndPoint? address, string text);

    [LoggerMessage(116, LogLevel.Warning, "The certificate {File} changed but cannot be used, the old one stays: {Text}")]
    public partial void CertificateUnusable(string file, string text);

    [LoggerMessage(117, LogLevel.Information, "The certificate {File} was loaded, valid until {NotAfter}")]
    public partial void CertificateLoaded(string file, DateTime notAfter);

    [LoggerMessage(119, LogLevel.Warning, "No good work: {Count} sessions are sent away, and every new connection, until there is some")]
    public partial void Suspended(int count);

    [LoggerMessage(120, LogLevel.Information, "There is work again: miners are let in")]
    public partial void Resumed();

    [LoggerMessage(190, LogLevel.Warning, "Transport is Loop, but {Reason}: sessions are carried by the PipeDriver")]
    public partial void LoopUnusable(string reason);

    // One a connection would be too much for a server that is behind; the next two say it once.
    [LoggerMessage(121, LogLevel.Debug, "Refused {Address}: too busy, {Lag:0} ms behind")]
    public partial void RefusedBusy(IPAddress address, double lag);

    public void BusyChanged(bool isBusy, TimeSpan lag)
    {
        if (isBusy)
            TooBusy(lag.TotalMilliseconds);
        else
            NoLongerTooBusy(lag.TotalMilliseconds);
    }

    [LoggerMessage(122, LogLevel.Warning, "Too busy: work is done {Lag:0} ms late, more than TooBusy. New connections are refused, "
        + "the more of them the later it gets; miners that are here stay")]
    private partial void TooBusy(double lag);

    [LoggerMessage(123, LogLevel.Information, "No longer too busy: work is done {Lag:0} ms late")]
    private partial void NoLongerTooBusy(double lag);

    public bool IsWireOn => _logger.IsEnabled(LogLevel.Trace);

    /// <summary>A line that came, at Trace; without passwords.</summary>
    public void Received(StratumSession session, ReadOnlySpan<byte> line)
    {
        if (IsWireOn)
            Wire(session, "<", LogLine.Of(line));
    }

    /// <summary>Lines that go out, at Trace. One that is cut by the end of a send is shown as what it is, bytes.</summary>
    public void Sent(StratumSession session, ReadOnlySpan<byte> lines)
    {
        foreach (var line in lines.TrimEnd((byte)'\n').Split((byte)'\n'))
            Wire(session, ">", LogLine.Of(lines[line]));
    }

    [LoggerMessage(118, LogLevel.Trace, "{Session} {Direction} {Line}")]
    private partial void Wire(StratumSession session, string direction, string line);

    // Of the RPC server, ids 150 to 159: nothing of what callers send, it holds passwords.

    [LoggerMessage(150, LogLevel.Information, "RPC server listening on {EndPoint} ({Reach}); mode {Mode}; it wants {Credentials}")]
    public partial void RpcListening(IPEndPoint endPoint, string reach, RpcMode mode, string credentials);

    [LoggerMessage(151, LogLevel.Debug, "{Remote} refused: {Connections} connections are open ({Reason})")]
    public partial void RpcBusy(IPEndPoint remote, int connections, BusyReason reason);

    [LoggerMessage(152, LogLevel.Debug, "{Remote} closed: {Why}")]
    public partial void RpcClosed(IPEndPoint remote, string why);

    [LoggerMessage(153, LogLevel.Warning, "Accepting RPC connections failed ({Error}); trying again. With 'too many open files' raise the limit (ulimit -n)")]
    public partial void RpcAcceptFailed(string error);

    [LoggerMessage(154, LogLevel.Warning, "The RPC connection of {Remote} failed")]
    public partial void RpcConnectionFailed(IPEndPoint? remote, Exception failure);

    [LoggerMessage(155, LogLevel.Warning, "A handler of {Method} failed; another one's answer went out")]
    public partial void RpcHandlerFailed(string method, Exception failure);

    [LoggerMessage(156, LogLevel.Warning, "{Count} RPC connections did not end in time")]
    public partial void RpcStopTimedOut(int count);
}
