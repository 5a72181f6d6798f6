using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
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
    private readonly Acceptor _acceptor;
    private readonly Listeners _all;
    private readonly TlsCertificate? _certificate;
    private readonly SocketConnectionContextFactory _pipes;

    private Listener(StratumServer server, Acceptor acceptor, Listeners all, TlsCertificate? certificate)
    {
        _server = server;
        _acceptor = acceptor;
        _all = all;
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
    }

    public IPEndPoint EndPoint => _acceptor.EndPoint;

    public static Listener Bind(StratumServer server, IPEndPoint endPoint, Listeners all, TlsCertificate? certificate) =>
        new(server, Acceptor.Bind(endPoint, "--port"), all, certificate);

    public void Accept()
    {
        _server.Log.Listening(EndPoint, _acceptor.Reach, Sha256d.Implementation, _server.Driver);
        _acceptor.Accept(ServeAsync, NoteFailure, socket => _server.Loops?.Accept(socket, this));
    }

    /// <summary>Counts a connection, until <see cref="Leave"/>; false: it is to be reset.</summary>
    /// <param name="address">The peer.</param>
    /// <param name="descriptor">Its number with the system.</param>
    public bool TryEnter(IPAddress address, long descriptor)
    {
        if (_server.IsSuspended)
            return false;
        if (_all.Admit(address, descriptor) is not { } busy)
            return true;
        // Your code may be told: not on the thread that accepts.
        if (_server.CallsYourCode)
            ThreadPool.UnsafeQueueUserWorkItem(static told => told._server.OnBusy(told.busy), (_server, busy), preferLocal: false);
        else
            _server.OnBusy(busy);
        return false;
    }

    public void Leave(IPAddress address) => _all.Leave(address);

    /// <summary>Accepting failed; it is tried again.</summary>
    public void NoteFailure(string error) => _all.NoteFailure(error);

    /// <summary>The system refused what the last native call asked for, so nothing is accepted for a while.</summary>
    public void NoteFailedCall(string call) =>
        NoteFailure($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>Serves a connection that a loop has counted and lets go of, because it is no plain Stratum.</summary>
    public void Serve(SafeSocketHandle handle, IPEndPoint remote, FirstBytesKind kind) => ThreadPool.UnsafeQueueUserWorkItem(
        static what => _ = what.listener.ServeAsync(what.handle, null, what.remote, what.kind), (listener: this, handle, remote, kind),
        preferLocal: false);

    public async Task StopAsync()
    {
        if (await _acceptor.StopAsync(_server.Options.Limits.StopTimeout).ConfigureAwait(false))
            Dispose();
        else
            // A loop that a handler blocks still holds the socket: the port is free when it lets go.
            _ = _acceptor.Released.ContinueWith(_ => Dispose(), TaskScheduler.Default);
    }

    public void Dispose()
    {
        _acceptor.Dispose();
        _pipes.Dispose();
    }

    // Never throws: nobody waits for it.
    private Task ServeAsync(Socket socket)
    {
        if (Peer(socket) is { } remote && TryEnter(remote.Address, socket.Handle))
            return ServeAsync(socket.SafeHandle, socket, remote, null);
        Sockets.Reset(socket);
        return Task.CompletedTask;
    }

    // Null: gone before it was accepted.
    private static IPEndPoint? Peer(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint peer ? Sockets.Unmap(peer) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private async Task ServeAsync(SafeSocketHandle handle, Socket? socket, IPEndPoint remote, FirstBytesKind? known)
    {
        try
        {
            socket ??= new Socket(handle);
            await ServeAsync(socket, remote, known ?? await PeekAsync(socket).ConfigureAwait(false)).ConfigureAwait(false);
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
            socket?.Dispose();
            handle.Dispose();
            Leave(remote.Address);
        }
    }

    private async Task ServeAsync(Socket socket, IPEndPoint remote, FirstBytesKind kind)
    {
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
                await ServeHttpAsync(socket).ConfigureAwait(false);
                break;
        }
    }

    private async Task ServeHttpAsync(Socket socket)
    {
        using var timer = Timer();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _acceptor.Stopping);
        await HttpVisitor.ServeAsync(socket, _server, Sockets.Unmap((IPEndPoint)socket.LocalEndPoint!), deadline.Token).ConfigureAwait(false);
    }

    // A method of its own: what waits for a session's end would keep the timers too.
    private async Task<FirstBytesKind> PeekAsync(Socket socket)
    {
        using var timer = Timer();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _acceptor.Stopping);
        return await FirstBytes.PeekAsync(socket, deadline.Token).ConfigureAwait(false);
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
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _acceptor.Stopping);
                await stream.AuthenticateAsServerAsync(certificate.Options, deadline.Token).ConfigureAwait(false);
            }
            catch (AuthenticationException error)
            {
                _server.Log.TlsFailed(remote, error.Message);
                return;
            }
            var pipe = new StreamPipe(stream);
            await _server.RunSessionAsync(pipe, remote, EndPoint, true, () => Sockets.Reset(socket), () => HoldsMore(socket), _noCancellation)
                .ConfigureAwait(false);
        }
    }

    private CancellationTokenSource Timer() =>
        new(_server.Options.Limits.FirstBytesTimeout, _server.Options.TimeProvider);

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
        Sockets.Reset(socket);
        connection.Abort();
    }

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
