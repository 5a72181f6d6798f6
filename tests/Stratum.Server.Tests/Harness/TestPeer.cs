using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Stratum.Server.Tests;

/// <summary>A miner by hand: sends what the test says, and keeps what the server told it.</summary>
internal sealed class TestPeer(PipeReader input, PipeWriter output, Task? serving = null, Stream? stream = null, Socket? socket = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private int _lastId = 1000;

    /// <summary>Ends when the server is through with the session; only in memory.</summary>
    public Task Serving { get; } = serving ?? Task.CompletedTask;

    /// <summary>Lines without an answer that came, oldest first.</summary>
    public List<JsonElement> Notifications { get; } = [];

    public string Extranonce1 { get; private set; } = "";

    public int Extranonce2Size { get; private set; }

    public double Difficulty { get; private set; }

    public NotifyLine? Job { get; private set; }

    public static TestPeer Over(Stream stream, Socket socket) => new(
        PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
        PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)), null, stream, socket);

    public Task SendAsync(string line) => SendRawAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await output.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>The next line; null when the server ended the connection.</summary>
    public async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync().AsTask().WaitAsync(Patience);
            }
            catch (IOException)
            {
                return null;
            }
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                input.AdvanceTo(result.Buffer.GetPosition(1, end));
                Assert.DoesNotContain('\r', line);
                return line;
            }
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (!result.IsCompleted)
                continue;
            Assert.True(result.Buffer.IsEmpty, "half a line: " + Encoding.UTF8.GetString(result.Buffer));
            return null;
        }
    }

    /// <summary>The next line as JSON; what it says about work is kept.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var line = await ReadLineAsync();
        Assert.True(line is not null, "the connection was closed");
        using var document = JsonDocument.Parse(line);
        var message = document.RootElement.Clone();
        if (message.TryGetProperty("method", out var method))
            Note(method.GetString()!, message);
        return message;
    }

    /// <summary>Sends a request and returns its answer; notifications before it are kept.</summary>
    public async Task<JsonElement> CallAsync(string method, string parameters = "[]")
    {
        var id = ++_lastId;
        await SendAsync($$"""{"id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        return await AnswerAsync(id);
    }

    public async Task<JsonElement> AnswerAsync(int id)
    {
        while (true)
        {
            var message = await ReadAsync();
            if (message.TryGetProperty("method", out _))
                continue;
            Assert.Equal(id, message.GetProperty("id").GetInt32());
            return message;
        }
    }

    /// <summary>Everything that came by now: what waited is sent no later than the answer before the last.</summary>
    public async Task<List<JsonElement>> DrainAsync()
    {
        var from = Notifications.Count;
        await CallAsync("mining.ping");
        await CallAsync("mining.ping");
        return Notifications[from..];
    }

    public async Task<JsonElement> SubscribeAsync()
    {
        var answer = await CallAsync("mining.subscribe", """["test/1"]""");
        Extranonce1 = answer.GetProperty("result")[1].GetString()!;
        Extranonce2Size = answer.GetProperty("result")[2].GetInt32();
        return answer;
    }

    public async Task<JsonElement> AuthorizeAsync(string worker = "w", string password = "x") =>
        await CallAsync("mining.authorize", $"""["{worker}","{password}"]""");

    public async Task LoginAsync(string worker = "w")
    {
        await SubscribeAsync();
        Assert.True((await AuthorizeAsync(worker)).GetProperty("result").GetBoolean());
        await WaitForAsync("mining.notify");
    }

    /// <summary>Reads until a notification of this method that was not returned before is there.</summary>
    public async Task<JsonElement> WaitForAsync(string method)
    {
        while (true)
        {
            var message = await ReadAsync();
            if (message.TryGetProperty("method", out var name) && name.GetString() == method)
                return message;
        }
    }

    /// <summary>A share of the newest job that meets its difficulty.</summary>
    public Solution Solve(ulong extranonce2 = 1, NotifyLine? job = null, double? above = null, uint? time = null, uint? versionBits = null) =>
        Solver.Find(job ?? Job!, Extranonce1, Extranonce2(extranonce2), Solver.Above(above ?? Difficulty), time, versionBits);

    public string Extranonce2(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture)[^(2 * Extranonce2Size)..];

    public Task<JsonElement> SubmitAsync(Solution share, string worker = "w") => CallAsync("mining.submit", share.Parameters(worker));

    /// <summary>Nothing more will be sent; what comes can still be read.</summary>
    public async Task EndAsync()
    {
        await output.CompleteAsync();
        socket?.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Gone with a reset.</summary>
    public async Task ResetAsync()
    {
        socket!.LingerState = new LingerOption(true, 0);
        await stream!.DisposeAsync();
        socket.Close();
    }

    /// <summary>Reads until the server ends the connection.</summary>
    public async Task ReadToEndAsync()
    {
        while (await ReadLineAsync() is not null)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await output.CompleteAsync();
        await input.CompleteAsync();
        if (stream is not null)
            await stream.DisposeAsync();
        socket?.Dispose();
    }

    private void Note(string method, JsonElement message)
    {
        Notifications.Add(message);
        switch (method)
        {
            case "mining.notify":
                Job = NotifyLine.Read(message);
                break;
            case "mining.set_difficulty":
                Difficulty = message.GetProperty("params")[0].GetDouble();
                break;
            case "mining.set_extranonce":
                Extranonce1 = message.GetProperty("params")[0].GetString()!;
                break;
        }
    }
}
