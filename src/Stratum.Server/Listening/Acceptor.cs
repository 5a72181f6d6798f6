using System.Net;
using System.Net.Sockets;

namespace Stratum.Server;

/// <summary>A port: binds, accepts until it is stopped, and hands each socket on.</summary>
internal sealed class Acceptor : IDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private LoopAcceptor? _loop;
    private Task _accepting = Task.CompletedTask;

    private Acceptor(Socket socket)
    {
        _socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>With the real port for a 0.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Who can reach it, for the line at the start.</summary>
    public string Reach => IPAddress.IsLoopback(EndPoint.Address) ? "this machine only"
        : EndPoint.Address.Equals(IPAddress.Any) || EndPoint.Address.Equals(IPAddress.IPv6Any)
            ? "every network that this machine is on" : $"whoever reaches {EndPoint.Address}";

    /// <summary>It is being stopped.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Ends when no loop holds the socket any more.</summary>
    public Task Released => _loop?.Stopped ?? Task.CompletedTask;

    /// <param name="endPoint">Port 0 picks one.</param>
    /// <param name="option">The option that another port is given by.</param>
    /// <exception cref="IOException">The port cannot be had; the text says what to do.</exception>
    public static Acceptor Bind(IPEndPoint endPoint, string option)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            // On Linux what is accepted has the options of its listener: five calls less for each.
            if (OperatingSystem.IsLinux())
                Sockets.Prepare(socket);
            // No ReuseAddress: .NET makes SO_REUSEPORT of it, and two pools would share the port. Its bind lets a
            // restart have the port of the process before without it.
            socket.Bind(endPoint);
            // Beyond the backlog a connect waits a second for its next try; the kernel cuts this to its own limit.
            socket.Listen(4096);
            return new Acceptor(socket);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException(error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"Port {endPoint.Port} on {endPoint.Address} is in use by another program; choose another port ({option}) or stop it.",
                SocketError.AccessDenied => $"Port {endPoint.Port} may not be used by this user; choose one above 1023.",
                SocketError.AddressNotAvailable => $"{endPoint.Address} is not an address of this machine.",
                _ => $"Cannot listen on {endPoint}: {error.Message}",
            }, error);
        }
    }

    /// <summary>Accepts from now on.</summary>
    /// <param name="serve">Owns the socket; never throws, for nobody waits for it.</param>
    /// <param name="failed">Told why accepting failed; it is tried again.</param>
    /// <param name="onLoop">Gives the socket to a loop, whose thread accepts what it will serve; null when there is none.</param>
    public void Accept(Func<Socket, Task> serve, Action<string> failed, Func<Socket, LoopAcceptor?>? onLoop = null)
    {
        _loop = onLoop?.Invoke(_socket);
        if (_loop is null)
            _accepting = AcceptAsync(serve, failed);
    }

    /// <summary>Accepts nothing more; false when a loop does not let go of the socket in time.</summary>
    public async Task<bool> StopAsync(TimeSpan timeout)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is not null && !await _loop.StopAsync(timeout).ConfigureAwait(false))
            return false;
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        return true;
    }

    public void Dispose() => _socket.Dispose();

    private async Task AcceptAsync(Func<Socket, Task> serve, Action<string> failed)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (!OperatingSystem.IsLinux())
                    Sockets.Prepare(socket);
                _ = serve(socket);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                if (_stop.IsCancellationRequested)
                    return;
                // Out of descriptors, or a peer that left before it was accepted: neither ends the listener.
                failed(error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
