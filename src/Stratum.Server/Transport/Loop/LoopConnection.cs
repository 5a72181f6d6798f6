using System.Net;
using System.Net.Sockets;

namespace Stratum.Server;

/// <summary>
/// One socket on an <see cref="EventLoop"/>: first its first bytes, then a session.
/// </summary>
/// <remarks>
/// The descriptor stays referenced from the constructor until the loop has removed it: its number cannot become
/// another socket's before. The caller disposes the socket after the task that it waits for, never before.
/// </remarks>
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
    private readonly SafeSocketHandle _handle;
    private readonly int _socket;
    private TaskCompletionSource<FirstBytesKind>? _sorted;
    private TaskCompletionSource? _ended;
    private StratumSession? _session;
    private volatile Phase _phase;
    private volatile bool _isCut;
    private int _cutting;
    private bool _readable;
    private bool _writable = true;
    private bool _hungUp;
    private bool _givenUp;

    public LoopConnection(EventLoop loop, StratumServer server, Socket socket)
        : base(loop)
    {
        _server = server;
        _handle = socket.SafeHandle;
        var referenced = false;
        _handle.DangerousAddRef(ref referenced);
        _socket = (int)_handle.DangerousGetHandle();
        _sorted = new TaskCompletionSource<FirstBytesKind>();
    }

    private enum Phase
    {
        New,
        FirstBytes,
        Sorted,
        Session,
        Leaving,
    }

    /// <summary>
    /// What the connection begins with. For all but <see cref="FirstBytesKind.Stratum"/> the loop has let go of the
    /// socket by then.
    /// </summary>
    public async Task<FirstBytesKind> PeekAsync(CancellationToken deadline)
    {
        var sorted = _sorted!.Task;
        Loop.Post(this);
        using var registration = deadline.UnsafeRegister(static one => ((LoopConnection)one!).Raise(GivenUp), this);
        return await sorted.ConfigureAwait(false);
    }

    /// <summary>Serves a session to its end, after <see cref="PeekAsync"/> has said that it is one.</summary>
    public Task RunAsync(IPEndPoint remote, IPEndPoint local)
    {
        _ended = new TaskCompletionSource();
        _session = _server.NewSession(remote, local);
        _session.Attach(this);
        _server.Add(_session);
        _phase = Phase.Session;
        Raise(Asked);
        return _ended.Task;
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
                _phase = Phase.FirstBytes;
                if (!Loop.Add(this, _socket, ReadEvents))
                    return LeaveUnsorted(FirstBytesKind.Nothing);
                goto case Phase.FirstBytes;
            case Phase.FirstBytes:
                return _givenUp ? LeaveUnsorted(null) : !_readable || Sort();
            case Phase.Session:
                return Serve(_session!, buffers, onLoop);
            case Phase.Leaving:
                return Leave();
            default:
                return true;
        }
    }

    // To the pool: what comes next is, or may call, code that is not ours.
    private bool ToPool()
    {
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return false;
    }
}
