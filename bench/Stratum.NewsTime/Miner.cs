using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Stratum.NewsTime;

/// <summary>A miner that only reads.</summary>
internal sealed class Miner : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private StreamReader? _lines;
    private TaskCompletionSource<long>? _next;

    public static async Task<Miner> LoginAsync(int port)
    {
        var miner = new Miner();
        await miner._client.ConnectAsync(IPAddress.Loopback, port);
        var stream = miner._client.GetStream();
        miner._lines = new StreamReader(stream);
        await stream.WriteAsync("""
            {"id":1,"method":"mining.subscribe","params":[]}
            {"id":2,"method":"mining.authorize","params":["u","x"]}

            """.ReplaceLineEndings("\n").Select(letter => (byte)letter).ToArray());
        _ = miner.ReadAsync();
        return miner;
    }

    /// <summary>When the line of the next clean job is here.</summary>
    public Task<long> NextCleanJobAsync() =>
        (_next = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Dispose() => _client.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            while (await _lines!.ReadLineAsync() is { } line)
            {
                var now = Stopwatch.GetTimestamp();
                if (line.Contains("mining.notify", StringComparison.Ordinal) && line.EndsWith("true]}", StringComparison.Ordinal))
                    _next?.TrySetResult(now);
            }
        }
        catch (IOException)
        {
            // The end of the run.
        }
    }
}
