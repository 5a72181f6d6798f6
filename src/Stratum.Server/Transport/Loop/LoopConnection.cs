using System.Net;

namespace Stratum.Server;

/// <summary>
/// One accepted connection on an <see cref="EventLoop"/>: first its first bytes, then a session, or whoever serves what
/// is none. It owns the descriptor, and its place among the connections that are counted.
/// </summary>
internal sealed partial class LoopConnection : LoopItem, ISessionTransport, IThreadPoolWorkItem
{
    /// <summary>
    /// What the kernel tells, on edges: a connection is registered once and costs no call after that, also when a paused
    /// session leaves its bytes with the kernel.
    /// </summary>
    public const uint ReadEvents = Libc.EpollIn | Libc.EpollReadHup | Libc.EpollEdge;

    private const int Asked = 16;
    private const int Finishing = 32;
    private const int GivenUp = 64;

    private readonly StratumServer _server;
    private readonly Listener _listener;
    private readonly IPEndPoint _remote;
    private LoopSocket _socket;
    private StratumSession? _session;
    private volatile Phase _phase;
    private bool _readable;
    private bool _writable = true;
    private bool _hungUp;
    private bool _givenUp;

    /// <summary>A connection that was counted in, and on its loop too.</summary>
    public LoopConnection(EventLoop loop, StratumServer server, Listener listener, int socket, IPEndPoint remote)
        : base(loop)
    {
        _server = server;
        _listener = listener;
        _remote = remote;
        _socket = new LoopSocket(socket);
        _acceptedAt = server.Ticks;
        loop.Post(this);
    }

    private enum Phase : byte
    {
        New,
        FirstBytes,
        Sorted,
        Session,
        Leaving,
        Gone,
    }

    void IThreadPoolWorkItem.Execute() => Turn(LoopBuffers.OfThread, onLoop: false);

    protected override void Note(int signals)
    {
        if ((signals & Readable) != 0)
            _readable = true;
        if ((signals & Writable) != 0)
            _writable = true;
        if ((signals & HungUp) != 0)
            _hungUp = true;
        if ((signals & GivenUp) != 0)
            _givenUp = true;
        if ((signals & Finishing) != 0)
            NoteFinish();
    }

    protected override bool Step(LoopBuffers buffers, bool onLoop)
    {
        switch (_phase)
        {
            case Phase.New:
                return Begin();
            case Phase.FirstBytes:
                return _givenUp ? Leave() : !_readable || Sort();
            case Phase.Sorted:
                return Open(onLoop);
            case Phase.Session:
                return Serve(_session!, buffers, onLoop);
            default:
                return Leave();
        }
    }

    protected override void Fail(Exception error)
    {
        var phase = _phase;
        if (phase != Phase.Gone)
            _phase = Phase.Leaving;
        try
        {
            if (phase == Phase.Session)
                Abandon(_session!, error);
            else
                _server.OnHandlerFailed(_session, error);
        }
        finally
        {
            if (phase != Phase.Gone)
                Loop.Post(this);
        }
    }

    private void Abandon(StratumSession session, Exception error)
    {
        _socket.Cut();
        try
        {
            session.ReportFailure(error);
        }
        finally
        {
            session.Close(DisconnectReason.InternalError);
            session.OnClosed();
        }
    }

    private bool Begin()
    {
        _phase = Phase.FirstBytes;
        // The tick that tells of a stop may have been before.
        if (_server.IsStopping)
            return Leave();
        if (Loop.Add(this, _socket.Number, ReadEvents))
            return true;
        try
        {
            _listener.NoteFailedCall("epoll_ctl");
        }
        finally
        {
            Leave();
        }
        return false;
    }

    // On the loop's thread: from here on the descriptor may be somebody else's.
    private bool Leave()
    {
        _phase = Phase.Gone;
        Loop.Remove(this, _socket.Number);
        _socket.Close();
        _listener.Leave(_remote.Address);
        return false;
    }

    // To the pool: what comes next is, or may call, code that is not ours.
    private bool ToPool()
    {
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return false;
    }
}
