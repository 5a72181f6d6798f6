using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Stratum.Samples.Tests;

/// <summary>A miner that shares no code with the library: lines of JSON over a socket.</summary>
internal sealed class RawMiner : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly List<JsonElement> _notifications = [];
    private int _lastId;

    private RawMiner(TcpClient client)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), Encoding.UTF8);
    }

    public static async Task<RawMiner> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new RawMiner(client);
    }

    /// <summary>Sends a request and waits for its answer; notifications before it are kept.</summary>
    public async Task<JsonElement> CallAsync(string method, string parameters)
    {
        var id = ++_lastId;
        await SendAsync($$"""{"id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        while (true)
        {
            var message = await ReadAsync();
            if (message.TryGetProperty("method", out _))
                _notifications.Add(message);
            else if (message.GetProperty("id").GetInt32() == id)
                return message;
        }
    }

    /// <summary>The result of a call that must not fail, as JSON.</summary>
    public async Task<string> ResultAsync(string method, string parameters)
    {
        var answer = await CallAsync(method, parameters);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("error").ValueKind);
        return answer.GetProperty("result").GetRawText();
    }

    /// <summary>The error of a call that must fail, as JSON.</summary>
    public async Task<string> ErrorAsync(string method, string parameters) =>
        (await CallAsync(method, parameters)).GetProperty("error").GetRawText();

    public Task SendAsync(string line) =>
        _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).AsTask();

    /// <summary>The parameters of the next notification of a method.</summary>
    public async Task<JsonElement> NotificationAsync(string method)
    {
        while (true)
        {
            var index = _notifications.FindIndex(message => message.GetProperty("method").GetString() == method);
            if (index >= 0)
            {
                var found = _notifications[index];
                _notifications.RemoveAt(index);
                return found.GetProperty("params");
            }
            _notifications.Add(await ReadAsync());
        }
    }

    /// <summary>Logs in with the password that the samples want and gives the first job's notify.</summary>
    public async Task<JsonElement> LoginAsync(string worker)
    {
        await ResultAsync("mining.subscribe", """["raw/1"]""");
        Assert.Equal("true", await ResultAsync("mining.authorize", $"""["{worker}","x"]"""));
        return await NotificationAsync("mining.notify");
    }

    /// <summary>
    /// Submits nonces until one counts, which is every second or fourth at the samples' difficulty, and gives the
    /// parameters of that one.
    /// </summary>
    public async Task<string> MineAsync(string worker, JsonElement notify)
    {
        for (var nonce = 0; nonce < 500; nonce++)
        {
            var share = $"""["{worker}","{notify[0]}","0000000000000001","{notify[7]}","{nonce:x8}"]""";
            var answer = await CallAsync("mining.submit", share);
            if (answer.GetProperty("result").ValueKind == JsonValueKind.True)
                return share;
            Assert.Equal(23, answer.GetProperty("error")[0].GetInt32());
        }
        throw new InvalidOperationException("None of 500 nonces counts.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return default;
    }

    private async Task<JsonElement> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var line = await _reader.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException("The server hung up.");
        return JsonDocument.Parse(line).RootElement;
    }
}
