using System.Net;
using System.Runtime.InteropServices;
using Stratum.Server;

namespace Stratum.Simulation;

/// <summary>All connections on one epoll loop: plain TCP on Linux, at a few system calls a share.</summary>
internal sealed class LoopCarrier : ILoadCarrier
{
    // Of 127.0.0.0/8: each has a port range of its own, of 28,000 in most systems, and servers limit what comes from one.
    private const int MostSources = 250;
    private const int SessionsOfASource = 10_000;

    private readonly LoadEngine _engine;
    private readonly EventLoop _loop;
    private readonly LoopTimer _timer;
    private readonly SocketAddress _target;
    private readonly bool _hasSources;
    private readonly bool _isCycling;
    private int _source = 1;

    /// <summary>Begins to serve an engine.</summary>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public LoopCarrier(LoadEngine engine, IPEndPoint target, LoadMode mode)
    {
        _engine = engine;
        _target = target.Serialize();
        _isCycling = mode == LoadMode.Connect;
        _hasSources = target.Address.GetAddressBytes() is [127, ..];
        _loop = EventLoop.Start(0);
        _timer = LoopTimer.Start(_loop, Act, error => engine.Fail($"The load generator made a mistake: {error}"));
    }

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? Problem => LoopProbe.Problem ?? LoopTimer.Problem;

    public ILoadLink Open(LoadPeer peer)
    {
        if (_hasSources && !_isCycling)
        {
            _source = Math.Clamp(1 + (peer.Number / SessionsOfASource), _source, MostSources);
        }

        int socket = Connect(out string? problem);
        _loop.TryEnter();
        var link = new LoopLink(_loop, _engine, peer, socket, problem);
        _loop.Post(link);
        return link;
    }

    public void Wake() => _timer.Ask();

    public void WakeAfter(long nanoseconds) => _timer.Set(nanoseconds);

    public async Task StopAsync()
    {
        _timer.End();
        _loop.Stop();
        await _loop.Ended.ConfigureAwait(false);
    }

    private void Act(LoopBuffers buffers)
    {
        lock (_engine.Gate)
        {
            _engine.Act(buffers.Output);
        }
    }

    // A socket that is connecting; -1 with the reason.
    private int Connect(out string? problem)
    {
        while (true)
        {
            int socket = Libc.OpenSocket((int)_target.Family, Libc.StreamSocket | Libc.NonBlocking | Libc.CloseOnExec, 0);
            if (socket < 0)
            {
                problem = $"No more sockets: {LastError()} (ulimit -n is the limit of a process)";
                return -1;
            }

            Libc.SetNoDelay(socket);
            ReadOnlySpan<byte> address = _target.Buffer.Span[.._target.Size];
            if (BindSource(socket) && Libc.Connect(socket, address, (uint)address.Length) == 0
                || Marshal.GetLastPInvokeError() == Libc.InProgressError)
            {
                problem = null;
                return socket;
            }

            int error = Marshal.GetLastPInvokeError();
            _ = Libc.Close(socket);
            // All ports of this address are taken, or rest after a connection.
            if (error == Libc.AddressNotAvailableError && _hasSources && _source < MostSources)
            {
                _source++;
                continue;
            }

            problem = $"Cannot connect: {Marshal.GetPInvokeErrorMessage(error)}"
                + (error == Libc.AddressNotAvailableError ? " (no local port is left: net.ipv4.ip_local_port_range)" : "");
            return -1;
        }
    }

    // 127.0.0.1 is what the system takes by itself.
    private bool BindSource(int socket) =>
        _source == 1 || (Libc.SetBindWithoutPort(socket)
            && Libc.Bind(socket, new IPEndPoint(new IPAddress([127, 0, 0, (byte)_source]), 0).Serialize().Buffer.Span[..16], 16) == 0);

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
