using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Stratum.Server;

internal sealed partial class LoopConnection
{
    private readonly long _acceptedAt;

    /// <summary>Time has passed: who said nothing for too long is given up. On the loop's thread.</summary>
    public override void Tick()
    {
        if (_phase == Phase.FirstBytes
            && (_server.IsStopping || _server.Elapsed(_acceptedAt, _server.Ticks) > _server.Options.Limits.FirstBytesTimeout))
            Raise(GivenUp);
    }

    // Looks at the first bytes; on the loop's thread. What cannot be told yet waits for the next edge.
    private bool Sort()
    {
        Span<byte> first = stackalloc byte[FirstBytes.MostNeeded];
        var count = Receive(first, Libc.Peek);
        if (count < 0 && Marshal.GetLastPInvokeError() == Libc.AgainError)
        {
            _readable = false;
            return true;
        }
        var kind = count <= 0 ? FirstBytesKind.Nothing : FirstBytes.Classify(first[..count], out _);
        if (kind == FirstBytesKind.Nothing && count > 0 && !_hungUp)
        {
            _readable = false;
            return true;
        }
        if (kind == FirstBytesKind.Nothing)
            return Leave();
        if (kind != FirstBytesKind.Stratum)
            return HandOver(kind);
        _phase = Phase.Sorted;
        return Open(onLoop: true);
    }

    // A TLS handshake has no business on the loop.
    private bool HandOver(FirstBytesKind kind)
    {
        _phase = Phase.Gone;
        Loop.Remove(this, _socket.Number);
        _listener.Serve(new SafeSocketHandle(_socket.Number, ownsHandle: true), _remote, kind);
        return false;
    }

    // True: it is a session, and has its first turn now.
    private bool Open(bool onLoop)
    {
        // Others are told of it.
        if (onLoop && _server.CallsYourCode)
            return ToPool();
        _session = _server.NewSession(_remote, _listener.EndPoint);
        _session.Attach(this);
        _phase = Phase.Session;
        _server.Add(_session);
        Raise(Asked);
        return true;
    }
}
