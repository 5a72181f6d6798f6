using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stratum.Rpc.Tests;

/// <summary>A TCP server that does what the test says with each connection.</summary>
internal sealed class FakeRpcServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, int, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    public FakeRpcServer(Func<NetworkStream, int, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Connections => Volatile.Read(ref _connections);

    public Uri Url => new($"rpc://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What arrives until a whole request is there.</summary>
    public static async Task<string> ReadAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[64 << 10];
        var text = new StringBuilder();
        while (!text.ToString().EndsWith('}'))
        {
            int read = await stream.ReadAsync(buffer);
            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    public static async Task WriteAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = ServeAsync(client, Interlocked.Increment(ref _connections));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream(), number);
            }
            catch (IOException)
            {
            }
        }
    }
}
