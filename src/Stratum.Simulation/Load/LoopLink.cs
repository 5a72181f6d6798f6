using System.Diagnostics;
using System.Runtime.InteropServices;
using Stratum.Server;

namespace Stratum.Simulation;

/// <summary>A connection on an epoll loop: one receive and one send for all that came in together.</summary>
/// <param name="loop">The loop, which counts it already.</param>
/// <param name="engine">Whom it serves.</param>
/// <param name="peer">The session.</param>
/// <param name="socket">A socket that is connecting, its own from now on; -1 where there is none.</param>
/// <param name="problem">Why there is none.</param>
internal sealed class LoopLink(EventLoop loop, LoadEngine engine, LoadPeer peer, int socket, string? problem)
    : LoopItem(loop), ILoadLink
{
    // So many times 64 KB at most, then it is the others' turn, and the timer's.
    private const int MostReceives = 4;

    private const uint Events = Libc.EpollIn | Libc.EpollOut | Libc.EpollReadHup | Libc.EpollEdge;

    private LoopOutput? _unsent;
    private int _unsentFrom;
    private bool _readable;
    private bool _writable;
    private bool _hungUp;
    private bool _isConnected;
    private bool _isClosed;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_unsent is null && _writable)
        {
            bytes = bytes[SendSome(bytes)..];
        }

        if (bytes.IsEmpty)
        {
            return;
        }

        _unsent ??= new LoopOutput();
        if (_unsent.Written.Length - _unsentFrom + bytes.Length > ILoadLink.MostUnsent)
        {
            Lose(ILoadLink.DoesNotRead);
            return;
        }

        Append(_unsent, bytes);
    }

    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _unsent = null;
        Loop.Remove(this, socket);
        if (socket >= 0)
        {
            _ = Libc.Close(socket);
        }
    }

    protected override void Note(int signals)
    {
        _readable |= (signals & Readable) != 0;
        _writable |= (signals & Writable) != 0;
        _hungUp |= (signals & HungUp) != 0;
    }

    protected override bool Step(LoopBuffers buffers, bool onLoop)
    {
        lock (engine.Gate)
        {
            return !_isClosed && Serve(buffers);
        }
    }

    protected override void Fail(Exception error)
    {
        lock (engine.Gate)
        {
            engine.Fail($"The load generator made a mistake: {error}");
        }
    }

    private bool Serve(LoopBuffers buffers)
    {
        if (problem is not null)
        {
            return Lose(problem);
        }

        if (Token == LoopSlots.None && !Loop.Add(this, socket, Events))
        {
            return Lose($"epoll_ctl failed: {LastError()}");
        }

        if (!_isConnected && !_hungUp)
        {
            if (!_writable)
            {
                return true;
            }

            _isConnected = true;
            buffers.Output.Clear();
            engine.Connected(peer, buffers.Output);
            Send(buffers.Output.Written);
        }

        if (_writable && _unsent is not null)
        {
            SendRest();
        }

        for (int most = MostReceives; _readable; most--)
        {
            if (most == 0)
            {
                Loop.Post(this);
                return false;
            }

            if (!Receive(buffers))
            {
                return false;
            }
        }

        return true;
    }

    private bool Receive(LoopBuffers buffers)
    {
        int count = (int)Libc.Receive(socket, buffers.Input, (nuint)buffers.Input.Length, Libc.DontWait);
        if (count > 0)
        {
            long now = Stopwatch.GetTimestamp();
            // Less than there was room for: the next bytes are an edge. After a hang-up there is no other edge.
            _readable = _hungUp || count == buffers.Input.Length;
            buffers.Output.Clear();
            if (!engine.Received(peer, buffers.Input.AsSpan(0, count), now, buffers.Output))
            {
                Close();
                return false;
            }

            if (buffers.Output.Written.Length > 0)
            {
                Send(buffers.Output.Written);
            }

            return !_isClosed;
        }

        if (count == 0)
        {
            return Lose(_isConnected ? "The server closed the connection" : "The connection ended before it was made");
        }

        switch (Marshal.GetLastPInvokeError())
        {
            case Libc.InterruptedError:
                return true;
            case Libc.AgainError:
                _readable = false;
                return true;
            default:
                return Lose(_isConnected ? $"The connection broke: {LastError()}" : $"Cannot connect: {LastError()}");
        }
    }

    private void SendRest()
    {
        LoopOutput rest = _unsent!;
        _unsentFrom += SendSome(rest.Written[_unsentFrom..]);
        if (_unsentFrom == rest.Written.Length)
        {
            _unsent = null;
            _unsentFrom = 0;
        }
        else if (_unsentFrom > rest.Written.Length / 2)
        {
            // A server that is always behind a little does not keep what it has.
            _unsent = new LoopOutput();
            Append(_unsent, rest.Written[_unsentFrom..]);
            _unsentFrom = 0;
        }
    }

    private static void Append(LoopOutput output, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }

    // What cannot be sent at all is taken for sent: that the connection is gone is told by the next receive.
    private int SendSome(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[sent..];
            int count = (int)Libc.Send(socket, rest, (nuint)rest.Length, Libc.DontWait | Libc.NoSignal);
            if (count >= 0)
            {
                sent += count;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.AgainError)
            {
                _writable = false;
                return sent;
            }

            if (error != Libc.InterruptedError)
            {
                return bytes.Length;
            }
        }

        return sent;
    }

    private bool Lose(string why)
    {
        engine.Lost(peer, why);
        Close();
        return false;
    }

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
