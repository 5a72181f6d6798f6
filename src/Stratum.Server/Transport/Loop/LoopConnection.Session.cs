using System.Runtime.InteropServices;

namespace Stratum.Server;

internal sealed partial class LoopConnection
{
    // So many times 64 KB at most, then the others' turn: some thousand submits, or two milliseconds.
    private const int MostReceives = 4;

    private Kept _rest;
    private Kept _unsent;
    private long _blockedSince;
    private bool _isBroken;
    private bool _listensForRoom;
    private volatile bool _closing;

    public long BlockedSince => Volatile.Read(ref _blockedSince);

    public void Wake() => Raise(Asked);

    public void Close(bool abort)
    {
        // First the cut, also when a handler holds the connection: whoever sees the end would close in good order.
        if (abort)
            _socket.Cut();
        _closing = true;
        Raise(Asked);
    }

    // Receives, lets the session answer, sends: for a submit three calls into the kernel with the wait for it.
    private bool Serve(StratumSession session, LoopBuffers buffers, bool onLoop)
    {
        var received = 0;
        while (!_socket.IsCut)
        {
            var open = !_closing;
            if (open && CanFeed(session))
            {
                if (onLoop && _server.CallsYourCode)
                    return ToPool();
                if (++received > MostReceives)
                    return Yield(onLoop);
                Feed(session, buffers);
            }
            Send(session, buffers);
            if (!open)
            {
                if (_unsent.IsEmpty || _isBroken)
                    break;
                // The rest waits for room, or for the cut.
                return true;
            }
            if (!_closing && !CanFeed(session) && !IsThrough(session))
                return true;
        }
        return End(session, onLoop);
    }

    private bool CanFeed(StratumSession session) => HasInput && !session.IsPaused;

    private bool HasInput => !_rest.IsEmpty || _readable;

    private bool Yield(bool onLoop)
    {
        if (!onLoop)
            return ToPool();
        Loop.Post(this);
        return false;
    }

    private void Feed(StratumSession session, LoopBuffers buffers)
    {
        try
        {
            if (!_rest.IsEmpty)
            {
                _rest.Skip(session.Receive(_rest.Span));
                return;
            }
            if (IsRestOver())
                return;
            var count = Receive(buffers.Input, 0);
            if (count <= 0)
            {
                NoteEnd(session, count);
                return;
            }
            NoteBytes();
            // Less than there was room for: the next bytes are an edge. After a hang-up there is no other edge.
            _readable = _hungUp || count == buffers.Input.Length;
            var bytes = buffers.Input.AsSpan(0, count);
            _rest.Set(bytes[session.Receive(bytes)..]);
        }
        catch (Exception error)
        {
            session.ReportFailure(error);
            session.Close(DisconnectReason.InternalError);
        }
    }

    private void NoteEnd(StratumSession session, int count)
    {
        _readable = false;
        if (_isBroken)
            session.Close(DisconnectReason.ConnectionLost);
        else if (count == 0)
            session.Close(_ending is not null ? DisconnectReason.ServerStopping : DisconnectReason.PeerClosed);
        else if (Marshal.GetLastPInvokeError() != Libc.AgainError)
            session.Close(DisconnectReason.ConnectionLost);
    }

    private int Receive(Span<byte> buffer, int flags)
    {
        while (true)
        {
            var count = (int)Libc.Receive(_socket.Number, buffer, (nuint)buffer.Length, Libc.DontWait | flags);
            if (count >= 0 || Marshal.GetLastPInvokeError() != Libc.InterruptedError)
                return count;
        }
    }

    // All that waits, as long as the kernel takes it.
    private void Send(StratumSession session, LoopBuffers buffers)
    {
        var output = buffers.Output;
        while (_writable && !_isBroken)
        {
            if (!_unsent.IsEmpty)
            {
                _unsent.Skip(SendSome(session, _unsent.Span));
                continue;
            }
            output.Clear();
            if (!session.Take(output))
                break;
            session.OnSent();
            var bytes = output.Written;
            _unsent.Set(bytes[SendSome(session, bytes)..]);
            // Less than a take can be: nothing is left, and what comes now asks for a turn.
            if (bytes.Length < Outbound.TakeSize)
                break;
        }
        if (_unsent.IsEmpty && _blockedSince != 0)
            Volatile.Write(ref _blockedSince, 0);
    }

    private int SendSome(StratumSession session, ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        while (sent < bytes.Length)
        {
            var rest = bytes[sent..];
            var count = (int)Libc.Send(_socket.Number, rest, (nuint)rest.Length, Libc.DontWait | Libc.NoSignal);
            if (count >= 0)
            {
                sent += count;
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.InterruptedError)
                continue;
            if (error != Libc.AgainError)
                return Break(session, bytes.Length);
            NoteFull(sent > 0);
            break;
        }
        return sent;
    }

    // The peer's window is full. The time that it may be begins anew with each byte that it takes.
    private void NoteFull(bool progress)
    {
        _writable = false;
        if (progress || _blockedSince == 0)
            Volatile.Write(ref _blockedSince, Math.Max(1, _server.Ticks));
        if (_listensForRoom)
            return;
        _listensForRoom = true;
        Loop.Change(this, _socket.Number, ReadEvents | Libc.EpollOut);
    }

    // Nothing can be sent any more, but what the peer said before it went is still there: perhaps a block.
    private int Break(StratumSession session, int length)
    {
        _isBroken = true;
        _hungUp = _readable = true;
        session.Outbound.Close();
        return length;
    }

    private bool End(StratumSession session, bool onLoop)
    {
        // Others are told of the end.
        if (onLoop && _server.CallsYourCode)
            return ToPool();
        _rest.Release();
        _unsent.Release();
        Volatile.Write(ref _blockedSince, 0);
        // A peer that has ended gets its answers and then the end by the close alone.
        if (!_socket.IsCut && session.CloseReason != DisconnectReason.PeerClosed)
            CloseInOrder();
        // Before those who are told, who may throw: it has ended once.
        _phase = Phase.Leaving;
        session.OnClosed();
        if (onLoop)
            return Leave();
        Loop.Post(this);
        return false;
    }

    // What came and was not read would make a reset of the close, which takes the last answers with it.
    private void CloseInOrder()
    {
        _ = Libc.Shutdown(_socket.Number, 1);
        if (!_readable)
            return;
        Span<byte> nothing = stackalloc byte[4096];
        for (var most = 64; most > 0 && Receive(nothing, 0) > 0; most--)
        {
        }
    }
}
