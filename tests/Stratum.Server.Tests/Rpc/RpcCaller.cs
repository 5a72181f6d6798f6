using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stratum.Server.Tests;

/// <summary>A raw TCP connection that reads lines.</summary>
internal sealed class RpcCaller : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private RpcCaller(Socket socket)
    {
        Socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream);
    }

    public Socket Socket { get; }

    public static async Task<RpcCaller> ConnectAsync(int port, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port).WaitAsync(s_patience);
        return new RpcCaller(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(s_patience);

    /// <summary>The next line; null at the end, in good order or by a reset.</summary>
    public async Task<string?> ReadLineAsync()
    {
        try
        {
            return await _reader.ReadLineAsync().WaitAsync(s_patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<string?> CallAsync(string request)
    {
        await SendAsync(request);
        return await ReadLineAsync();
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
