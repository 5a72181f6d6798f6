using System.Buffers;
using System.Net;
using System.Text;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

/// <summary>
/// One miner's connection: a state machine without I/O. A driver feeds it bytes (<see cref="Receive"/>, one call
/// at a time) and sends what its <see cref="Outbound"/> holds.
/// </summary>
public sealed partial class StratumSession
{
    private readonly StratumServer _server;
    // Replaced as a whole, by the thread that serves the session.
    private volatile WorkerName[] _workers = [];
    private Lease? _leases;
    private CancellationTokenSource? _closed;
    private ISessionTransport? _transport;
    private LineReader _lines;
    private int _reason = -1;
    private int _malformed;
    private long _openedAt;
    private long _receivedAt;
    private long _activeAt;
    private long _sentAt;
    private long _handlingSince;
    private long _closingSince;
    private bool _waiting;

    internal StratumSession(StratumServer server, long id, EndPoint? remote, EndPoint? local, bool isTls)
    {
        _server = server;
        Id = id;
        RemoteEndPoint = remote;
        LocalEndPoint = local;
        IsTls = isTls;
        Work = server.Work;
        Outbound = new Outbound(server.Options.Limits.MaxOutputBytes, server.OutputBudget) { Difficulty = server.Options.Difficulty };
        _lines = new LineReader(server.Options.Limits.MaxLineLength);
        _openedAt = _receivedAt = _activeAt = _sentAt = server.Ticks;
        ConnectedAt = server.Options.TimeProvider.GetUtcNow();
    }

    /// <summary>Number of this session within its server, from 1.</summary>
    public long Id { get; }

    /// <summary>The peer's address; an IPv4 address is never mapped into IPv6. Null for a pipe without one.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The address that the peer reached; null for a pipe without one.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>Whether the peer speaks TLS.</summary>
    public bool IsTls { get; }

    /// <summary>When it connected.</summary>
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>
    /// When it mined last: its subscribe, a worker that was let in, or a share of a job that it was sent. Pings and what
    /// cannot be read are no activity.
    /// </summary>
    public DateTimeOffset LastActivity => ConnectedAt + _server.Elapsed(_openedAt, Volatile.Read(ref _activeAt));

    /// <summary>The stream of work that it mines on. Change it in a subscribe handler only.</summary>
    public WorkSource Work { get; set; }

    /// <summary>What the miner calls itself in subscribe; null before or when it said nothing.</summary>
    public string? UserAgent { get; private set; }

    /// <summary>The answer to subscribe; null before.</summary>
    public Subscription? Subscription { get; private set; }

    /// <summary>The workers that were let in, in that order.</summary>
    public IReadOnlyList<WorkerName> Workers => _workers;

    /// <summary>Whether a worker was let in and jobs are sent.</summary>
    public bool IsAuthorized => Outbound.IsOpen;

    /// <summary>Whether the miner asked to be told of a new extranonce1.</summary>
    public bool WantsExtranonce { get; private set; }

    /// <summary>The version bits that the miner may roll; 0 without version rolling.</summary>
    public uint VersionMask => _minerMask is { } mask ? mask & Work.VersionMask : 0;

    /// <summary>Accepted shares.</summary>
    public long Accepted { get; private set; }

    /// <summary>Refused shares.</summary>
    public long Rejected { get; private set; }

    /// <summary>Cancelled when the session ends: the token of a handler's work.</summary>
    public CancellationToken Closed
    {
        get
        {
            if (Volatile.Read(ref _closed) is { } known)
                return known.Token;
            // Made when somebody asks: few handlers do, and no idle session.
            var made = new CancellationTokenSource();
            var closed = Interlocked.CompareExchange(ref _closed, made, null) ?? made;
            // Who ended the session meanwhile found nothing to cancel.
            if (CloseReason is not null)
                closed.Cancel();
            return closed.Token;
        }
    }

    /// <summary>Why it ended; null while it lives.</summary>
    public DisconnectReason? CloseReason => Volatile.Read(ref _reason) is >= 0 and var reason ? (DisconnectReason)reason : null;

    /// <summary>Anything that your code wants to keep with the session.</summary>
    public object? Tag { get; set; }

    internal Outbound Outbound { get; }

    /// <summary>
    /// Whether the driver must not feed more: answers wait for the peer, or a request for its handler.
    /// </summary>
    internal bool IsPaused => Volatile.Read(ref _handlingSince) != 0 || Outbound.IsFull;

    /// <summary>
    /// An extranonce1 of this session's source that no other session has; given back when the session ends.
    /// </summary>
    public Extranonce NextExtranonce1()
    {
        var extranonce = Work.LeaseExtranonce1();
        var lease = new Lease(Work, extranonce);
        while (true)
        {
            var before = Volatile.Read(ref _leases);
            if (before == Lease.Ended)
            {
                Work.Release(extranonce);
                return extranonce;
            }
            lease.Next = before;
            if (Interlocked.CompareExchange(ref _leases, lease, before) == before)
                return extranonce;
        }
    }

    /// <summary>Sends a line as it is; the line feed is added. Completes when it is queued.</summary>
    /// <exception cref="ArgumentException">The line has a line feed or NUL inside, or is blank: miners lose data behind
    /// those.</exception>
    public ValueTask SendAsync(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return SendAsync(Encoding.UTF8.GetBytes(line));
    }

    /// <inheritdoc cref="SendAsync(string)"/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> line)
    {
        var body = line.Span.TrimEnd("\r\n"u8);
        if (body.Trim(" \t\r"u8).IsEmpty || body.IndexOfAny("\n\0"u8) >= 0)
            throw new ArgumentException(
                "A line must not be blank and must have no line feed and no NUL inside: cgminer and cpuminer lose what follows.",
                nameof(line));
        if (body.IndexOf(Methods.Notify) >= 0)
            SentRawWork = true;
        Outbound.Line(body);
        WakeToSend();
        return default;
    }

    /// <summary>Sends a notification (<c>"id":null</c>). Completes when it is queued.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters as a JSON array.</param>
    public ValueTask NotifyAsync(string method, string parameters = "[]")
    {
        var (name, json) = StratumServer.CheckNotification(method, parameters);
        Notify(name, json);
        return default;
    }

    /// <summary>Asks the miner to connect elsewhere: same host when empty. What it does is its own decision.</summary>
    public ValueTask ReconnectAsync(string? host = null, int? port = null, int waitSeconds = 0)
    {
        Outbound.Message(new Reconnect { Host = host, Port = port, WaitSeconds = waitSeconds }, static (m, w) => m.Write(w));
        WakeToSend();
        return default;
    }

    /// <summary>Shows a text to the miner's owner.</summary>
    public ValueTask ShowMessageAsync(string text)
    {
        Outbound.Message(new ShowMessage(text), static (m, w) => m.Write(w));
        WakeToSend();
        return default;
    }

    /// <summary>Sends one job to this session alone.</summary>
    /// <exception cref="ArgumentException">The job belongs to another source.</exception>
    public ValueTask SendJobAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Source is null)
            Work.Publish(job, _server.Now);
        else if (job.Source != Work)
            throw new ArgumentException($"Job {job.Id} belongs to another work source than this session's.", nameof(job));
        if (Outbound.SetJob(new EncodedJob(job)))
            _transport?.Wake();
        return default;
    }

    /// <summary>Ends the session after what waits was sent.</summary>
    public void Close() => Close(DisconnectReason.Requested);

    /// <inheritdoc/>
    public override string ToString() => $"session {Id} {RemoteEndPoint}";

    /// <summary>When something last came from the miner; when it connected before that.</summary>
    internal DateTimeOffset LastReceived =>
        _server.Options.TimeProvider.GetUtcNow() - _server.Elapsed(Volatile.Read(ref _receivedAt), _server.Ticks);

    internal bool SentRawWork { get; private set; }

    internal void Attach(ISessionTransport transport) => _transport = transport;

    internal void Notify(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters)
    {
        if (method.SequenceEqual(Methods.Notify))
            SentRawWork = true;
        Outbound.Notification(method, parameters);
        WakeToSend();
    }

    private void MarkActive() => Volatile.Write(ref _activeAt, Volatile.Read(ref _receivedAt));

    // What nobody asked for must not pile up without end before a peer that does not read.
    private void WakeToSend()
    {
        if (Outbound.IsOverflowing)
            Close(DisconnectReason.WriteTimeout);
        else
            _transport?.Wake();
    }

    /// <summary>A line that asks nothing: keeps a session alive whose work cannot be made anew.</summary>
    internal void Ping()
    {
        Outbound.Line("{\"id\":0,\"method\":\"mining.ping\",\"params\":[]}"u8);
        _transport?.Wake();
    }

    /// <summary>Moves what waits to a writer; false when there is nothing.</summary>
    internal bool Take(IBufferWriter<byte> destination)
    {
        if (!_server.Log.IsWireOn)
            return Outbound.Take(destination);
        var copy = new ArrayBufferWriter<byte>();
        if (!Outbound.Take(copy))
            return false;
        _server.Log.Sent(this, copy.WrittenSpan);
        destination.Write(copy.WrittenSpan);
        return true;
    }

    internal bool SetJob(EncodedJob job)
    {
        if (!Outbound.SetJob(job))
            return false;
        _transport?.Wake();
        return true;
    }

    /// <summary>Ends the session when what was received by now is answered.</summary>
    internal void Stop()
    {
        if (_transport is { } transport)
            transport.Finish();
        else
            Close(DisconnectReason.ServerStopping);
    }

    internal void Close(DisconnectReason reason)
    {
        if (!TryEnd(reason))
            return;
        _transport?.Close(abort: reason is DisconnectReason.WriteTimeout or DisconnectReason.ConnectionLost);
        CancelClosed();
    }

    /// <summary>Cuts the connection, also when it is closing already.</summary>
    internal void Abort(DisconnectReason reason)
    {
        var first = TryEnd(reason);
        _transport?.Close(abort: true);
        if (first)
            CancelClosed();
    }

    private bool TryEnd(DisconnectReason reason)
    {
        // The first call starts the time in which it must be through; later ones do not start it again.
        Interlocked.CompareExchange(ref _closingSince, Math.Max(1, _server.Ticks), 0);
        return Interlocked.CompareExchange(ref _reason, (int)reason, -1) == -1;
    }

    // Handlers that wait on the token may run long: not on the thread that closes.
    private void CancelClosed()
    {
        if (Volatile.Read(ref _closed) is { } closed)
            ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), closed, preferLocal: false);
    }

    /// <summary>The driver is through: nothing is sent or received any more.</summary>
    internal void OnClosed()
    {
        Outbound.Close();
        _lines.Dispose();
        for (var lease = Interlocked.Exchange(ref _leases, Lease.Ended); lease is { Source: { } source }; lease = lease.Next)
            source.Release(lease.Extranonce);
        _server.Remove(this);
    }

    internal void ReportFailure(Exception error) => _server.Log.SessionFailed(this, error);
}
