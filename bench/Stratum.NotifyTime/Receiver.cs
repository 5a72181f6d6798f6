using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Stratum.NotifyTime;

/// <summary>In the server's place: notes when a call's line has come in whole, and answers it.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[4096];
    private long _arrived;

    public Receiver()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        new Thread(Run) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>When the last call was there, as a time stamp of <see cref="Stopwatch"/>; 0 when none was since the last question.</summary>
    public long TakeArrived() => Interlocked.Exchange(ref _arrived, 0);

    public void Dispose() => _listener.Dispose();

    private void Run()
    {
        try
        {
            while (true)
                Serve();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The bench is over.
        }
    }

    private void Serve()
    {
        using var caller = _listener.Accept();
        for (var length = 0; length == 0 || _buffer[length - 1] != '\n';)
            if (caller.Receive(_buffer.AsSpan(length)) is > 0 and var count)
                length += count;
            else
                return;
        Interlocked.Exchange(ref _arrived, Stopwatch.GetTimestamp());
        caller.Send("{\"result\":true,\"error\":null,\"id\":1}\n"u8);
    }
}
