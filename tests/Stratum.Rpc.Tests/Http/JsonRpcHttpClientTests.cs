using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

public sealed class JsonRpcHttpClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallAsync_Result_GivesItWithMethodAndParametersSent()
    {
        RawHttpRequest? seen = null;
        await using var server = new RawHttpServer(r =>
        {
            seen = r;
            return RawHttpReply.Result("""{"height":102,"text":"é"}""");
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        JsonElement result = await client.CallAsync("getblock", ["00ff", 2], cancellationToken: Ct);

        Assert.Equal(102, result.GetProperty("height").GetInt32());
        Assert.Equal("é", result.GetProperty("text").GetString());
        Assert.Equal("getblock", seen!.Method);
        Assert.Equal("""["00ff",2]""", seen.Params.ToJsonString());
        Assert.Contains("Content-Type: application/json\r\n", seen.Head);
        Assert.Null(seen.Authorization);
    }

    [Fact]
    public async Task CallAsync_NullResultAndNoParameters_IsNullAndEmptyArray()
    {
        string? sent = null;
        await using var server = new RawHttpServer(r =>
        {
            sent = r.Params.ToJsonString();
            return RawHttpReply.Result("null");
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        JsonElement result = await client.CallAsync("submitblock", cancellationToken: Ct);

        Assert.Equal(JsonValueKind.Null, result.ValueKind);
        Assert.Equal("[]", sent);
    }

    [Fact]
    public async Task CallAsync_ManyInARow_ShareOneConnection()
    {
        await using var server = new RawHttpServer(r => RawHttpReply.Result($"{r.Connection}"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(1, (await client.CallAsync("x", cancellationToken: Ct)).GetInt32());
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task CallAsync_NoIdleTime_OpensAConnectionForEach()
    {
        await using var server = new RawHttpServer(r => RawHttpReply.Result($"{r.Connection}"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, IdleTimeout = TimeSpan.Zero });

        Assert.Equal(1, (await client.CallAsync("x", cancellationToken: Ct)).GetInt32());
        Assert.Equal(2, (await client.CallAsync("x", cancellationToken: Ct)).GetInt32());
    }

    [Fact]
    public async Task CallAsync_WhileAnotherWaits_HasAConnectionOfItsOwn()
    {
        TaskCompletionSource release = new(), arrived = new();
        await using var server = new RawHttpServer(async (r, ct) =>
        {
            if (r.Method == "slow")
            {
                arrived.SetResult();
                await release.Task.WaitAsync(ct);
            }

            return RawHttpReply.Result($"{r.Connection}");
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        Task<JsonElement> slow = client.CallAsync("slow", cancellationToken: Ct);
        await arrived.Task;
        JsonElement quick = await client.CallAsync("quick", cancellationToken: Ct);
        Assert.False(slow.IsCompleted);
        release.SetResult();

        Assert.NotEqual(quick.GetInt32(), (await slow).GetInt32());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(400)]
    [InlineData(200)]
    public async Task CallAsync_ErrorUnderAnyStatus_IsRpcException(int status)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Error(-28, "Loading block index…", status));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("x", cancellationToken: Ct));

        Assert.Equal(-28, e.Code);
        Assert.Equal("Loading block index…", e.Message);
    }

    [Theory]
    [InlineData("""{"error":"go away"}""", 0, "go away")]
    [InlineData("""{"error":{"message":"no code"}}""", 0, "no code")]
    [InlineData("""{"error":{"code":1e99,"message":"odd"}}""", 0, "odd")]
    [InlineData("""{"error":{"code":-5}}""", -5, """{"code":-5}""")]
    public async Task CallAsync_OddErrors_KeepWhatThereIs(string body, int code, string text)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Of(500, body));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("x", cancellationToken: Ct));

        Assert.Equal((code, text), (e.Code, e.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>It works!</html>")]
    [InlineData("""{"result":[1,2""")]
    [InlineData("[1]")]
    [InlineData("""{"id":1}""")]
    public async Task CallAsync_NotJsonRpc_SaysSo(string body)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Of(200, body, "text/html"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal(RpcTransportFailure.NotJsonRpc, e.Failure);
        Assert.Equal(200, e.HttpStatus);
        Assert.Contains($"127.0.0.1:{server.Port}", e.Message);
        Assert.Contains("HTTP 200", e.Message);
        Assert.Contains("-rpcport", e.Message);
    }

    [Fact]
    public async Task CallAsync_NobodyThere_NamesHostAndPortAndRpcport()
    {
        int port = FreePort.Next();
        using var client = new JsonRpcHttpClient(new() { Url = new Uri($"http://127.0.0.1:{port}/") });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal(RpcTransportFailure.Unreachable, e.Failure);
        Assert.Null(e.HttpStatus);
        Assert.Contains($"127.0.0.1:{port} refused the connection", e.Message);
        Assert.Contains("-rpcport", e.Message);
    }

    [Theory]
    [InlineData(403, RpcTransportFailure.Forbidden, "-rpcallowip")]
    [InlineData(503, RpcTransportFailure.Busy, "-rpcworkqueue")]
    [InlineData(401, RpcTransportFailure.Unauthorized, "cookie file")]
    [InlineData(302, RpcTransportFailure.NotJsonRpc, "-rpcport")]
    public async Task CallAsync_HttpRefusal_SaysWhatToChange(int status, RpcTransportFailure failure, string advice)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Of(status, "", "text/plain"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal((failure, status), (e.Failure, e.HttpStatus));
        Assert.Contains($"127.0.0.1:{server.Port}", e.Message);
        Assert.Contains($"HTTP {status}", e.Message);
        Assert.Contains(advice, e.Message);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task CallAsync_WorkQueueFull_IsBusyUnderEitherStatus(int status)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Of(status, "Work queue depth exceeded", "text/plain"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal((RpcTransportFailure.Busy, status), (e.Failure, e.HttpStatus));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":1")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"res")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("")]
    public async Task CallAsync_ConnectionClosedInTheAnswer_IsConnectionLost(string bytes)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Text(bytes, close: true));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal(RpcTransportFailure.ConnectionLost, e.Failure);
        Assert.Contains($"127.0.0.1:{server.Port} closed the connection", e.Message);
    }

    [Fact]
    public async Task CallAsync_NotHttp_SaysSo()
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Text("220 mail ready\r\n\r\n", close: true));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal(RpcTransportFailure.NotJsonRpc, e.Failure);
        Assert.Contains("does not speak HTTP", e.Message);
    }

    [Theory]
    [InlineData("Content-Length: 2000", false)]
    [InlineData("Connection: close", true)]
    public async Task CallAsync_LargerThanAllowed_IsTooLarge(string header, bool close)
    {
        string body = "\"" + new string('x', 1998) + "\"";
        await using var server = new RawHttpServer(
            _ => RawHttpReply.Text($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n{body}", close));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, MaxAnswerBytes = 1999 });

        RpcTransportException e = await FailsAsync(client);

        Assert.Equal(RpcTransportFailure.TooLarge, e.Failure);
        Assert.Contains("1999 bytes", e.Message);
        Assert.Contains("MaxAnswerBytes", e.Message);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(16 << 10)]
    [InlineData(100_000)]
    public async Task CallAsync_ExactlyTheLimit_IsRead(int limit)
    {
        string head = """{"result":" """.TrimEnd();
        string body = head + new string('x', limit - head.Length - 2) + "\"}";
        await using var server = new RawHttpServer(
            _ => RawHttpReply.Text($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}", close: true));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, MaxAnswerBytes = limit });

        Assert.Equal(
            limit - head.Length - 2, (await client.CallAsync("x", cancellationToken: Ct)).GetString()!.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":1")]
    public async Task CallAsync_NoAnswerInTime_IsTimeoutAndTheNextCallWorks(string beginning)
    {
        await using var server = new RawHttpServer(async (r, ct) =>
        {
            if (r.Method == "quick")
            {
                return RawHttpReply.Result("true");
            }

            if (beginning.Length > 0)
            {
                return RawHttpReply.Text(beginning, close: false);
            }

            await Task.Delay(Timeout.Infinite, ct);
            throw new InvalidOperationException();
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        RpcTransportException e = await Assert.ThrowsAsync<RpcTransportException>(
            () => client.CallAsync("slow", null, TimeSpan.FromMilliseconds(50), Ct));

        Assert.Equal(RpcTransportFailure.Timeout, e.Failure);
        Assert.Contains("slow within 0.05 s", e.Message);
        Assert.Contains($"127.0.0.1:{server.Port}", e.Message);
        Assert.True((await client.CallAsync("quick", cancellationToken: Ct)).GetBoolean());
    }

    [Fact]
    public async Task CallAsync_Cancelled_ThrowsWithTheCallersToken()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new RawHttpServer(async (_, ct) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            throw new InvalidOperationException();
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });
        using var cancel = new CancellationTokenSource();

        Task<JsonElement> call = client.CallAsync("slow", cancellationToken: cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();

        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancel.Token, e.CancellationToken);
    }

    [Fact]
    public async Task CallAsync_LargeParameters_ArriveWhole()
    {
        string hex = new('a', 8_000_000);
        await using var server = new RawHttpServer(r => RawHttpReply.Result($"{((string)r.Params[0]!).Length}"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        JsonElement length = await client.CallAsync("submitblock", [hex], cancellationToken: Ct);

        Assert.Equal(8_000_000, length.GetInt32());
    }

    private static Task<RpcTransportException> FailsAsync(JsonRpcHttpClient client) =>
        Assert.ThrowsAsync<RpcTransportException>(() => client.CallAsync("getblockcount", cancellationToken: Ct));

    [Fact]
    public async Task IsToItself_SocketThatMetItself_IsTrueAndAnotherIsNot()
    {
        using var alone = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        alone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await alone.ConnectAsync(alone.LocalEndPoint!, TestContext.Current.CancellationToken);
        Assert.True(ClientSocket.IsToItself(alone));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await other.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);
        Assert.False(ClientSocket.IsToItself(other));
    }
}
