using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Stratum.Client.Tests;

/// <summary>The pool's end of one connection.</summary>
internal sealed class FakePoolConnection(Socket socket, Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.UTF8);

    public Stream Stream => stream;

    public async Task<string?> ReadLineAsync() => await _reader.ReadLineAsync().WaitAsync(FakePool.Patience);

    /// <summary>The next line, which must be a request for this method.</summary>
    public async Task<JsonElement> ExpectAsync(string method)
    {
        string? line = await ReadLineAsync();
        Assert.NotNull(line);
        var message = JsonElement.Parse(line);
        Assert.Equal(method, message.GetProperty("method").GetString());
        return message;
    }

    public async Task SendAsync(params string[] lines)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        await stream.FlushAsync();
    }

    public async Task SendBytesAsync(string text)
    {
        foreach (byte one in Encoding.UTF8.GetBytes(text))
            await stream.WriteAsync(new[] { one });
    }

    /// <summary>Answers with everything after the id: <c>"result":true,"error":null</c>.</summary>
    public Task AnswerAsync(JsonElement request, string rest) =>
        SendAsync($"{{\"id\":{request.GetProperty("id").GetRawText()},{rest}}}");

    public async Task AnswerSubscribeAsync(string extranonce1 = "57a6f098", int size = 4)
    {
        var subscribe = await ExpectAsync("mining.subscribe");
        await AnswerAsync(subscribe, $"\"result\":[[[\"mining.notify\",\"1\"]],\"{extranonce1}\",{size}],\"error\":null");
    }

    public async Task AnswerLoginAsync(string extranonce1 = "57a6f098", bool configure = false, string mask = "1fffe000")
    {
        if (configure)
        {
            var request = await ExpectAsync("mining.configure");
            await AnswerAsync(request, $"\"result\":{{\"version-rolling\":true,\"version-rolling.mask\":\"{mask}\"}},\"error\":null");
        }

        await AnswerSubscribeAsync(extranonce1);
        await AnswerAsync(await ExpectAsync("mining.authorize"), "\"result\":true,\"error\":null");
    }

    public static string Notify(string id, bool clean = false) =>
        $$"""{"id":null,"method":"mining.notify","params":["{{id}}","{{new string('0', 64)}}","01","02",[],"20000000","192495f8","64b3f3ec",{{(clean ? "true" : "false")}}]}""";

    public static string Notification(string method, string parameters) =>
        $$"""{"id":null,"method":"{{method}}","params":{{parameters}}}""";

    /// <summary>The connection is gone without a farewell.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose()
    {
        socket.Dispose();
        _reader.Dispose();
    }
}
