using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stratum.BlockTime;

/// <summary>
/// Many miners that only read: each notes when the line of a clean job has come in whole. They share the machine with
/// the pool, so the last one's time has their own work in it.
/// </summary>
internal sealed class Miners : IDisposable
{
    private const int HashLength = 64;
    private readonly Socket[] _sockets;
    private readonly byte[][] _hashes;
    private readonly TaskCompletionSource[] _loggedIn;
    private TaskCompletionSource _all = new();
    private long _first;
    private long _last;
    private int _count;

    private Miners(int count)
    {
        _sockets = new Socket[count];
        _hashes = [.. Enumerable.Range(0, count).Select(_ => new byte[HashLength])];
        _loggedIn = [.. Enumerable.Range(0, count).Select(_ => NewSource())];
    }

    public long First => Volatile.Read(ref _first);

    public long Last => Volatile.Read(ref _last);

    public static async Task<Miners> LoginAsync(int port, int count)
    {
        var miners = new Miners(count);
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            miners._sockets[i] = socket;
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            await socket.SendAsync(Encoding.ASCII.GetBytes("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n"
                + $"{{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w{i}\",\"x\"]}}\n"));
            _ = miners.ReadAsync(i);
        }
        await Task.WhenAll(miners._loggedIn.Select(one => one.Task)).WaitAsync(TimeSpan.FromSeconds(60));
        return miners;
    }

    /// <summary>Begins a round; the task ends when every miner has a clean job.</summary>
    public Task Expect()
    {
        _first = long.MaxValue;
        _last = 0;
        _count = 0;
        _all = NewSource();
        return _all.Task;
    }

    /// <summary>Every miner's last job must build on this block: else something else was measured.</summary>
    public void Check(string hash)
    {
        // On the wire the words of four bytes come in the reverse of their order in the shown hash.
        var wire = string.Concat(hash.Chunk(8).Reverse().Select(word => new string(word)));
        foreach (var seen in _hashes.Select(Encoding.ASCII.GetString))
            if (seen != wire)
                throw new InvalidOperationException($"A miner's job builds on {seen}, not on {wire}.");
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReadAsync(int index)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        try
        {
            while (await _sockets[index].ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var count)
            {
                filled += count;
                int end;
                while ((end = buffer.AsSpan(0, filled).IndexOf((byte)'\n')) >= 0)
                {
                    Take(index, buffer.AsSpan(0, end));
                    buffer.AsSpan(end + 1, filled - end - 1).CopyTo(buffer);
                    filled -= end + 1;
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The bench is over.
        }
    }

    private void Take(int index, ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("\"mining.notify\",\"params\":[\""u8) is not (>= 0 and var at) || line.IndexOf("true]"u8) < 0)
            return;
        var now = Stopwatch.GetTimestamp();
        // "params":["ID","HASH",...
        var fields = line[at..];
        fields = fields[(fields.IndexOf("\",\""u8) + 3)..];
        fields = fields[(fields.IndexOf("\",\""u8) + 3)..];
        fields[..HashLength].CopyTo(_hashes[index]);
        if (_loggedIn[index].TrySetResult())
            return;
        Lower(ref _first, now);
        Raise(ref _last, now);
        if (Interlocked.Increment(ref _count) == _sockets.Length)
            _all.TrySetResult();
    }

    private static void Lower(ref long value, long to)
    {
        for (var seen = Volatile.Read(ref value); to < seen; seen = Volatile.Read(ref value))
            Interlocked.CompareExchange(ref value, to, seen);
    }

    private static void Raise(ref long value, long to)
    {
        for (var seen = Volatile.Read(ref value); to > seen; seen = Volatile.Read(ref value))
            Interlocked.CompareExchange(ref value, to, seen);
    }
}
