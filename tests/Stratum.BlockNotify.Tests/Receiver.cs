using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Stratum.BlockNotify.Tests;

/// <summary>The other end: notes the bytes of each call and answers with the given pieces.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    public const string True = """{"result":true,"error":null,"id":1}""" + "\n";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TcpListener _listener;
    private readonly string[] _pieces;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<byte[]> _calls = Channel.CreateUnbounded<byte[]>();
    private readonly Task _running;

    private Receiver(IPAddress address, string[] pieces)
    {
        _listener = new TcpListener(address, 0);
        _pieces = pieces;
        _listener.Start();
        _running = RunAsync();
    }

    public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString();

    public static Receiver Start() => Answering(True);

    public static Receiver StartOn(IPAddress address) => new(address, [True]);

    /// <summary>Each piece is a send of its own; after the last one it closes.</summary>
    public static Receiver Answering(params string[] pieces) => new(IPAddress.Loopback, pieces);

    /// <summary>It takes the call and never says a word.</summary>
    public static Receiver Silent() => new(IPAddress.Loopback, []);

    /// <summary>What the next call sent until its newline.</summary>
    public async Task<byte[]> CallAsync()
    {
        using var deadline = new CancellationTokenSource(s_patience);
        return await _calls.Reader.ReadAsync(deadline.Token);
    }

    public async Task<string> LineAsync() => Encoding.UTF8.GetString(await CallAsync());

    /// <summary>Nobody has called, beyond what was read.</summary>
    public void HasNoCall() => Assert.False(_calls.Reader.TryRead(out _));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(_end.Token);
                socket.NoDelay = true;
                await _calls.Writer.WriteAsync(await ReadAsync(socket));
                foreach (var piece in _pieces)
                {
                    await socket.SendAsync(Encoding.Latin1.GetBytes(piece));
                    if (_pieces.Length > 1)
                        await Task.Yield();
                }
                if (_pieces.Length == 0)
                    await Task.Delay(Timeout.Infinite, _end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over, or the caller went away.
        }
    }

    private async Task<byte[]> ReadAsync(Socket socket)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (!bytes.Contains((byte)'\n') && await socket.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            bytes.AddRange(buffer.Take(count));
        return [.. bytes];
    }
}
