using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.IO.Pipelines;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Stratum.Mining;

namespace Stratum.Server;

/// <summary>One port: accepts, counts, looks at the first bytes, and hands the socket on.</summary>
internal sealed class Listener : IDisposable
{
    private readonly StratumServer _server;
    private readonly Socket _socket;
    private readonly ConnectionCaps _caps;
    private readonly TlsCertificate? _certificate;
    private readonly SocketConnectionContextFactory _pipes;
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    private Listener(StratumServer server, Socket socket, ConnectionCaps caps, TlsCertificate? certificate)
    {
        _server = server;
        _socket = socket;
        _caps = caps;
        _certificate = certificate;
        _pipes = new SocketConnectionContextFactory(
            // A small write buffer: what a slow peer has not taken stays with its session, where a newer job can
            // replace an older one.
            // A small read buffer too: a session that is paused must not take in the megabyte that is the default.
            new SocketConnectionFactoryOptions
            {
                MaxWriteBufferSize = 4096, MaxReadBufferSize = 64 * 1024, WaitForDataBeforeAllocatingBuffer = true,
            },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public static Listener Bind(StratumServer server, IPEndPoint endPoint, ConnectionCaps caps, TlsCertificate? certificate)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            // No ReuseAddress: .NET makes SO_REUSEPORT of it, and two pools would share the port. Its bind lets a
            // restart have the port of the process before without it.
            socket.Bind(endPoint);
            // Beyond the backlog a connect waits a second for its next try; the kernel cuts this to its own limit.
            socket.Listen(4096);
            return new Listener(server, socket, caps, certificate);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException(error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"Port {endPoint.Port} on {endPoint.Address} is in use by another program; choose another port (--port) or stop it.",
                SocketError.AccessDenied => $"Port {endPoint.Port} may not be used by this user; choose one above 1023.",
                SocketError.AddressNotAvailable => $"{endPoint.Address} is not an address of this machine.",
                _ => $"Cannot listen on {endPoint}: {error.Message}",
            }, error);
        }
    }

    public void Accept()
    {
        var reach = IPAddress.IsLoopback(EndPoint.Address) ? "this machine only"
            : EndPoint.Address.Equals(IPAddress.Any) || EndPoint.Address.Equals(IPAddress.IPv6Any)
                ? "every network that this machine is on" : $"whoever reaches {EndPoint.Address}";
        _server.Log.Listening(EndPoint, reach, Sha256d.Implementation, "PipeDriver");
        _accepting = AcceptAsync();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        Dispose();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _pipes.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(socket);
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
                _server.Log.AcceptFailed(error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // Never throws: nobody waits for it.
    private async Task ServeAsync(Socket socket)
    {
        IPAddress? counted = null;
        try
        {
            var remote = Unmap((IPEndPoint)socket.RemoteEndPoint!);
            if (!_caps.TryEnter(remote.Address, out var perAddress))
            {
                Reset(socket);
                _server.OnBusy(new BusyEvent(remote.Address, _caps.Count, perAddress));
                return;
            }
            counted = remote.Address;
            if (_server.IsSuspended)
            {
                Reset(socket);
                return;
            }
            Prepare(socket);
            await SortAsync(socket, remote).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The peer left or was silent for too long.
        }
        catch (Exception error)
        {
            _server.OnHandlerFailed(null, error);
        }
        finally
        {
            socket.Dispose();
            if (counted is not null)
                _caps.Leave(counted);
        }
    }

    private async Task SortAsync(Socket socket, IPEndPoint remote)
    {
        FirstBytesKind kind;
        using (var timer = Timer())
        using (var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stop.Token))
        {
            kind = await FirstBytes.PeekAsync(socket, deadline.Token).ConfigureAwait(false);
        }
        switch (kind)
        {
            case FirstBytesKind.Stratum:
                await ServePlainAsync(socket, remote).ConfigureAwait(false);
                break;
            case FirstBytesKind.Tls when _certificate is not null:
                await ServeTlsAsync(socket, remote, _certificate).ConfigureAwait(false);
                break;
            case FirstBytesKind.Tls:
                // BFGMiner tries TLS first and then plain: close at once, and never hold it against the peer.
                _server.Log.NotStratum(remote, "a TLS hello, but there is no certificate");
                break;
            case FirstBytesKind.Http:
                _server.Log.NotStratum(remote, "HTTP");
                await AnswerHttpAsync(socket).ConfigureAwait(false);
                break;
        }
    }

    private async Task ServePlainAsync(Socket socket, IPEndPoint remote)
    {
        var connection = _pipes.Create(socket);
        await _server.RunSessionAsync(connection.Transport, remote, EndPoint, false, () => Cut(socket, connection), () => HoldsMore(socket),
            _noCancellation).ConfigureAwait(false);
        // It ends when its last bytes are with the kernel; a peer that takes nothing does not keep it.
        var ending = connection.DisposeAsync().AsTask();
        try
        {
            await ending.WaitAsync(_server.Options.Limits.StopTimeout, _server.Options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            connection.Abort();
            await ending.ConfigureAwait(false);
        }
    }

    private async Task ServeTlsAsync(Socket socket, IPEndPoint remote, TlsCertificate certificate)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                using var timer = Timer();
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stop.Token);
                await stream.AuthenticateAsServerAsync(certificate.Options, deadline.Token).ConfigureAwait(false);
            }
            catch (AuthenticationException error)
            {
                _server.Log.TlsFailed(remote, error.Message);
                return;
            }
            var pipe = new StreamPipe(stream);
            await _server.RunSessionAsync(pipe, remote, EndPoint, true, () => Reset(socket), () => HoldsMore(socket), _noCancellation)
                .ConfigureAwait(false);
        }
    }

    // Browsers and scanners; the header is what the ancestor answered and getwork miners understand.
    private async Task AnswerHttpAsync(Socket socket)
    {
        const string Body = "{\"error\":null,\"result\":false,\"id\":0}\n";
        // The address that this peer reached: the listener's own may be 0.0.0.0, which leads nowhere.
        var reached = Unmap((IPEndPoint)socket.LocalEndPoint!);
        var answer = $"HTTP/1.1 200 OK\r\nX-Stratum: stratum+tcp://{reached}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}";
        using var deadline = Timer();
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), SocketFlags.None, deadline.Token).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
        // What the peer still sends is taken, or the close would be a reset that swallows the answer.
        var rest = new byte[4096];
        while (await socket.ReceiveAsync(rest, SocketFlags.None, deadline.Token).ConfigureAwait(false) > 0)
        {
        }
    }

    private CancellationTokenSource Timer() =>
        new(_server.Options.Limits.FirstBytesTimeout, _server.Options.TimeProvider);

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        // As cgminer: a peer that vanished without a word is noticed within two minutes.
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    // Whether bytes of the peer wait with the kernel.
    private static bool HoldsMore(Socket socket)
    {
        try
        {
            return socket.Available > 0;
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            return false;
        }
    }

    private static void Cut(Socket socket, ConnectionContext connection)
    {
        Reset(socket);
        connection.Abort();
    }

    /// <summary>
    /// Closes with a reset; never throws, whoever closed the socket before. Miners go to their next pool at a reset;
    /// after a close in good order some come back much later.
    /// </summary>
    internal static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The transport closes its socket itself when a send fails: this peer was first.
        }
        socket.Close();
    }

    private static IPEndPoint Unmap(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    // A stop ends sessions through StopAsync, after their answers.
    private static readonly CancellationToken _noCancellation = CancellationToken.None;

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        // Zero-byte reads: an idle TLS session holds no buffer.
        public PipeReader Input { get; } = PipeReader.Create(stream,
            new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
