using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stratum.Testing;

/// <summary>
/// An HTTP server on a raw listener that says exactly the bytes its script gives it, so that it can play every mood of
/// a coin daemon, the broken ones included. Keeps connections open as HTTP 1.1 does.
/// </summary>
public sealed class RawHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawHttpRequest, CancellationToken, Task<RawHttpReply>> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public RawHttpServer(Func<RawHttpRequest, RawHttpReply> script, int port = 0)
        : this((request, _) => Task.FromResult(script(request)), port)
    {
    }

    /// <param name="script">Its token ends with the connection or the server.</param>
    /// <param name="port">0 picks a free one.</param>
    public RawHttpServer(Func<RawHttpRequest, CancellationToken, Task<RawHttpReply>> script, int port = 0)
    {
        _script = script;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                serving.Add(ServeAsync(socket, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await ReadAsync(stream, connection) is { } request)
            {
                RawHttpReply reply = await _script(request, _stop.Token);
                await stream.WriteAsync(reply.Bytes, _stop.Token);
                if (reply.Close)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left in the middle, or we are told to stop.
        }
    }

    private async Task<RawHttpRequest?> ReadAsync(NetworkStream stream, int connection)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        string text = head.ToString();
        string length = text.Split("\r\n").Single(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[int.Parse(length.Split(':')[1])];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new RawHttpRequest(connection, text, Encoding.UTF8.GetString(body));
    }
}
