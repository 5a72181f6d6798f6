using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Stratum.Server;

/// <summary>
/// A listening socket on a loop: a connection is accepted by the thread that will serve it. The socket stays its
/// owner's, who disposes it after <see cref="StopAsync"/>.
/// </summary>
internal sealed class LoopAcceptor : LoopItem
{
    private const int Stopping = 16;
    private const int Again = 32;

    // A flood of connects waits for those who are connected now and then. The kernel tells of the rest again: this one
    // is level-triggered.
    private const int MostAccepts = 64;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly StratumServer _server;
    private readonly LoopGroup _loops;
    private readonly Listener _listener;
    private readonly SafeSocketHandle _handle;
    private readonly int _socket;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    public LoopAcceptor(EventLoop loop, LoopGroup loops, StratumServer server, Listener listener, Socket socket)
        : base(loop)
    {
        _server = server;
        _loops = loops;
        _listener = listener;
        _handle = socket.SafeHandle;
        var referenced = false;
        _handle.DangerousAddRef(ref referenced);
        _socket = (int)_handle.DangerousGetHandle();
        // accept must not wait for a connection that left before it was accepted.
        socket.Blocking = false;
        loop.Post(this);
    }

    /// <summary>Ends when it is through with the socket.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Accepts nothing more from now on; false when the loop does not get to it in time.</summary>
    public async Task<bool> StopAsync(TimeSpan timeout)
    {
        Raise(Stopping);
        await _stopped.Task.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _stopped.Task.IsCompleted;
    }

    protected override void Note(int signals) => _stopping |= (signals & Stopping) != 0;

    protected override bool Step(LoopBuffers buffers, bool onLoop)
    {
        if (_stopping)
        {
            Loop.Remove(this, _socket);
            _handle.DangerousRelease();
            _stopped.SetResult();
            return false;
        }
        // At the start, and after a pause.
        if (Token == LoopSlots.None && !Loop.Add(this, _socket, Libc.EpollIn))
            Pause("epoll_ctl");
        else
            Accept();
        return true;
    }

    protected override void Fail(Exception error)
    {
        try
        {
            _server.OnHandlerFailed(null, error);
        }
        finally
        {
            Loop.Post(this);
        }
    }

    private void Accept()
    {
        Span<byte> address = stackalloc byte[PeerAddress.Size];
        for (var most = MostAccepts; most > 0; most--)
        {
            var length = address.Length;
            var accepted = Libc.Accept(_socket, address, ref length, Libc.CloseOnExec);
            if (accepted >= 0)
            {
                if (PeerAddress.Read(address) is { } remote)
                    Serve(accepted, remote);
                else
                    Libc.Reset(accepted);
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.AgainError:
                    return;
                // The peer was gone before it was accepted.
                case Libc.InterruptedError or Libc.AbortedError:
                    continue;
                default:
                    Pause("accept4");
                    return;
            }
        }
    }

    // Whoever is not served is reset, also when telling of it fails.
    private void Serve(int accepted, IPEndPoint remote)
    {
        var (counted, served) = (false, false);
        try
        {
            counted = _listener.TryEnter(remote.Address, accepted);
            served = counted && _loops.TryServe(accepted, remote, _listener);
        }
        finally
        {
            if (counted && !served)
                _listener.Leave(remote.Address);
            if (!served)
                Libc.Reset(accepted);
        }
    }

    // Out of descriptors: the connections wait with the kernel, which would tell of them without end.
    private void Pause(string call)
    {
        try
        {
            _listener.NoteFailedCall(call);
        }
        finally
        {
            Loop.Forget(this, _socket);
            _ = GoOnAsync();
        }
    }

    private async Task GoOnAsync()
    {
        await Task.Delay(s_pause).ConfigureAwait(false);
        Raise(Again);
    }
}
