using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>The port of an <see cref="RpcServer"/>: counts, looks at the first bytes, and hands the socket to TCP or
/// HTTP.</summary>
internal sealed class RpcListener : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private readonly ConnectionCaps _caps;
    private readonly RpcHttp? _http;
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<Socket, Task> _serving = new();

    private RpcListener(Acceptor acceptor, RpcServerOptions options, RpcDispatcher dispatcher, ServerLog log)
    {
        _acceptor = acceptor;
        _caps = new ConnectionCaps(options.Limits.MaxConnections, options.Limits.MaxConnectionsPerAddress);
        Options = options;
        Dispatcher = dispatcher;
        Log = log;
        Memory = new RpcMemory(options.Limits.MaxUnfinishedBytes);
        Cut = _cut.Token;
        if (options.Mode != RpcMode.Tcp)
            _http = new RpcHttp(this);
    }

    public RpcServerOptions Options { get; }

    public RpcDispatcher Dispatcher { get; }

    public ServerLog Log { get; }

    public RpcMemory Memory { get; }

    public IPEndPoint EndPoint => _acceptor.EndPoint;

    /// <summary>Nothing new begins.</summary>
    public CancellationToken Stopping => _acceptor.Stopping;

    /// <summary>What is under way ends at once.</summary>
    public CancellationToken Cut { get; }

    public int ConnectionCount => _caps.Count;

    /// <exception cref="IOException">The port cannot be had; the text says what to do.</exception>
    public static async Task<RpcListener> StartAsync(
        RpcServerOptions options, RpcDispatcher dispatcher, ServerLog log, CancellationToken cancellationToken)
    {
        var acceptor = Bind(options);
        var listener = new RpcListener(acceptor, options, dispatcher, log);
        try
        {
            if (listener._http is { } http)
                await http.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        log.RpcListening(listener.EndPoint, acceptor.Reach, options.Mode, dispatcher.WantsPassword ? "a password" : "no password");
        acceptor.Accept(listener.TrackAsync, log.RpcAcceptFailed);
        return listener;
    }

    /// <summary>Accepts no more, lets calls that are under way be answered for a while, then ends everything.</summary>
    public async Task StopAsync()
    {
        await _acceptor.StopAsync(Options.Limits.StopTimeout).ConfigureAwait(false);
        _cut.CancelAfter(Options.Limits.StopTimeout);
        if (_http is not null)
            await _http.StopAsync(Cut).ConfigureAwait(false);
        try
        {
            // Real time, as above: a clock that a test holds still must not hold the stop, and neither a handler that
            // does not hear its token.
            await Task.WhenAll(_serving.Values).WaitAsync(2 * Options.Limits.StopTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.RpcStopTimedOut(_caps.Count);
        }
        await DisposeAsync().ConfigureAwait(false);
    }

    private static Acceptor Bind(RpcServerOptions options)
    {
        const string Option = "--rpc-port";
        if (options is { Port: 0, PreferredPort: { } preferred })
        {
            try
            {
                return Acceptor.Bind(new IPEndPoint(options.Address, preferred), Option);
            }
            catch (IOException)
            {
                // Somebody else has it by now.
            }
        }
        return Acceptor.Bind(new IPEndPoint(options.Address, options.Port), Option);
    }

    public async ValueTask DisposeAsync()
    {
        _acceptor.Dispose();
        if (_http is not null)
            await _http.DisposeAsync().ConfigureAwait(false);
        _cut.Dispose();
    }

    private async Task TrackAsync(Socket socket)
    {
        var serving = ServeAsync(socket);
        _serving[socket] = serving;
        await serving.ConfigureAwait(false);
        _serving.TryRemove(socket, out _);
    }

    // Never throws: nobody waits for it.
    private async Task ServeAsync(Socket socket)
    {
        IPEndPoint? remote = null;
        var counted = false;
        try
        {
            remote = Sockets.Unmap((IPEndPoint)socket.RemoteEndPoint!);
            var busy = _caps.TryEnter(remote.Address);
            counted = busy is null;
            if (busy is { } reason)
                Log.RpcBusy(remote, _caps.Count, reason);
            if (!counted)
            {
                Sockets.Reset(socket);
                return;
            }
            // Off the accept loop: with bytes that are there already all of it might run before the next accept.
            await Task.Run(() => SortAsync(socket, remote), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The peer left, was silent for too long, or took no answer; or the server stops.
        }
        catch (Exception error)
        {
            Log.RpcConnectionFailed(remote, error);
        }
        finally
        {
            socket.Dispose();
            if (counted)
                _caps.Leave(remote!.Address);
        }
    }

    private async Task SortAsync(Socket socket, IPEndPoint remote)
    {
        if (Options.Admits?.Invoke(remote) == false)
        {
            Sockets.Reset(socket);
            return;
        }
        Sockets.Prepare(socket);
        FirstBytesKind kind;
        using (var deadline = new Deadline(Options.Limits.FirstBytesTimeout, Options.TimeProvider, Stopping))
            kind = await FirstBytes.PeekAsync(socket, deadline.Token).ConfigureAwait(false);
        switch (kind)
        {
            case FirstBytesKind.Http when _http is not null:
                await _http.ServeAsync(socket).ConfigureAwait(false);
                break;
            case FirstBytesKind.Http:
                await RefuseHttpAsync(socket, remote).ConfigureAwait(false);
                break;
            case FirstBytesKind.Tls:
                Log.RpcClosed(remote, "a TLS hello; this port speaks none");
                break;
            case FirstBytesKind.Stratum when Options.Mode == RpcMode.Http:
                await new RpcStream(this, socket, remote).RefuseAsync(
                    RpcErrors.InvalidRequest, "This port takes HTTP only (mode http): POST the call, or start with mode both").ConfigureAwait(false);
                break;
            case FirstBytesKind.Stratum:
                await new RpcStream(this, socket, remote).RunAsync().ConfigureAwait(false);
                break;
        }
    }

    private async Task RefuseHttpAsync(Socket socket, IPEndPoint remote)
    {
        const string Text = "This port takes JSON over TCP only (mode tcp): start with mode http or both.\n";
        var answer = $"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: {Text.Length}\r\nConnection: close\r\n\r\n{Text}";
        using var deadline = new Deadline(Options.Limits.FirstBytesTimeout, Options.TimeProvider, Stopping);
        await socket.SendAsync(Encoding.ASCII.GetBytes(answer), SocketFlags.None, deadline.Token).ConfigureAwait(false);
        await Sockets.LingerAsync(socket, deadline.Token).ConfigureAwait(false);
        Log.RpcClosed(remote, "HTTP in mode tcp");
    }
}
