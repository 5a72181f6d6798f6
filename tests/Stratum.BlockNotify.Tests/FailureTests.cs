using System.Net;
using System.Net.Sockets;
using Stratum.Testing;

namespace Stratum.BlockNotify.Tests;

/// <summary>Exit code 1: one line that says why.</summary>
public sealed class FailureTests
{
    private const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Port_WhereNobodyListens_SaysSo(string host)
    {
        var port = FreePort.Next();

        var ended = await BlockNotifyProcess.RunAsync("--host", host, "--port", $"{port}", "--hash", Hash, "--password", "s3cret");

        Assert.Equal($"blocknotify: Nobody listens on {host}:{port}. Does the pool run, with --rpc-port {port}?", ended.OnlyError(code: 1));
    }

    [Fact]
    public async Task Port_ThatNeverAnswers_IsLeftAfterTheTimeout()
    {
        await using var server = Receiver.Silent();

        var ended = await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash, "--timeout", "300ms");

        Assert.Contains("gave no answer within 300 ms; the time was up while waiting for the answer.", ended.OnlyError(code: 1));
        Assert.Contains(Hash, await server.LineAsync());
    }

    [Fact]
    public async Task Port_ThatTakesNoConnection_IsLeftAfterTheTimeout()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var waiting = new List<Socket>();
        try
        {
            // Until the queue is full and the system no longer answers who connects.
            Task connecting;
            do
            {
                waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                connecting = waiting[^1].ConnectAsync(IPAddress.Loopback, port);
            }
            while (await Task.WhenAny(connecting, Task.Delay(300)) == connecting);

            var ended = await BlockNotifyProcess.RunAsync("--port", $"{port}", "--host=127.0.0.1", "--hash", Hash, "--timeout", "300ms");

            Assert.Contains("the time was up while connecting.", ended.OnlyError(code: 1));
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Host_ThatDoesNotExist_IsNamed()
    {
        var ended = await BlockNotifyProcess.RunAsync("--host", "pool.invalid", "--hash", Hash, "--timeout", "10s");

        Assert.Contains("pool.invalid:1337", ended.OnlyError(code: 1));
    }

    [Fact]
    public async Task Host_ThatIsNoName_IsRefused()
    {
        var ended = await BlockNotifyProcess.RunAsync("--host", new string('x', 300), "--hash", Hash);

        Assert.Contains("--host", ended.OnlyError(code: 1));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":-32001,"message":"Wrong password"},"id":1}""", "{\"code\":-32001,\"message\":\"Wrong password\"}")]
    [InlineData("""{"result":null,"error":"Unknown source 'dogecoin'","id":1}""", "Unknown source 'dogecoin'")]
    [InlineData("""{"id":1,"result":null,"error":[-3,"Method not found",null]}""", "[-3,\"Method not found\",null]")]
    public async Task Answer_WithError_IsToldInTheServersWords(string answer, string words)
    {
        await using var server = Receiver.Answering(answer);

        var ended = await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash, "--password", "s3cret");

        Assert.Contains($"localhost:{server.Port} refused: ", ended.OnlyError(code: 1));
        Assert.Contains(words, ended.Errors);
        Assert.DoesNotContain("s3cret", ended.Errors);
    }

    [Theory]
    [InlineData("\u001b[2J\a\u0000garbage\r\n\n", "what is no JSON-RPC")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request")]
    [InlineData("{\"result\":tr", "what is no JSON-RPC")]
    [InlineData("{\"id\":1}", "neither a result nor an error")]
    [InlineData("\u00FF\u00FE\u0080", "what is no JSON-RPC")]
    [InlineData("\n", "what is no JSON-RPC")]
    public async Task Answer_ThatIsNone_IsShown(string answer, string reason)
    {
        await using var server = Receiver.Answering(answer);

        var ended = await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash);

        Assert.Contains(reason, ended.OnlyError(code: 1));
    }

    [Fact]
    public async Task Connection_ClosedWithoutAnswer_IsTold()
    {
        await using var server = Receiver.Answering("");

        var ended = await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash);

        Assert.Contains("closed the connection without an answer", ended.OnlyError(code: 1));
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsNotReadForEver()
    {
        await using var server = Receiver.Answering("{\"result\":\"" + new string('x', 200_000));

        var ended = await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash);

        Assert.Contains("more than 64 KiB", ended.OnlyError(code: 1));
    }

    [Fact]
    public async Task Answer_InPieces_IsPutTogether()
    {
        await using var server = Receiver.Answering([.. Receiver.True.Select(c => c.ToString())]);

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash)).IsDone();
    }
}
