using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

public sealed class JsonRpcTcpClientTests
{
    private const string Secret = "pa55 w0rd";

    [Fact]
    public void Options_Default_AreThoseOfTheDocs()
    {
        var options = new RpcClientOptions { Url = new Uri("rpc://localhost") };
        Assert.Equal(1337, options.Port);
        Assert.Null(options.Password);
        Assert.Null(options.PasswordFile);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Timeout);
        Assert.Equal(67_108_864, options.MaxAnswerBytes);
        Assert.Equal(8, options.MaxConnections);
        Assert.Equal(TimeSpan.FromSeconds(10), options.IdleTimeout);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Null(options.LoggerFactory);
        Assert.Equal("rpc://localhost:1337, with a password", (options with { Password = Secret }).ToString());
    }

    public static TheoryData<string, RpcClientOptions> Wrong => new()
    {
        { "rpc://host:port", new() { Url = new Uri("ftp://localhost") } },
        { "rpc://host:port", new() { Url = new Uri("/x", UriKind.Relative) } },
        { "must not carry", new() { Url = new Uri("rpc://anna:pa55@localhost") } },
        { "not both", new() { Url = new Uri("rpc://localhost"), Password = "pa55", PasswordFile = "f" } },
        { "Timeout", new() { Url = new Uri("rpc://localhost"), Timeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Constructor_WrongOptions_SaysWhich(string word, RpcClientOptions options)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => RpcClient.Create(options));
        Assert.Contains(word, error.Message);
        Assert.DoesNotContain("pa55", error.ToString());
        Assert.DoesNotContain("pa55", options.ToString());
    }

    [Theory]
    [InlineData("rpc://localhost:1", true)]
    [InlineData("http://localhost", true)]
    [InlineData("https://localhost", true)]
    [InlineData("stratum+tcp://localhost:1", false)]
    public void IsRpcUrl_ByScheme_IsSaid(string url, bool isRpc) => Assert.Equal(isRpc, RpcClient.IsRpcUrl(new Uri(url)));

    [Fact]
    public async Task Call_PositionalNamedAndNone_PasswordGoesFirstOrByName()
    {
        var seen = new List<string>();
        await using var server = new FakeRpcServer(async (stream, _) =>
        {
            while (await FakeRpcServer.ReadAsync(stream) is { Length: > 0 } request)
            {
                seen.Add(JsonDocument.Parse(request).RootElement.GetProperty("params").GetRawText().Replace("\\u002B", "+"));
                // Without a line end, as the ancestor may.
                await FakeRpcServer.WriteAsync(stream, """{"jsonrpc":"2.0","result":{"a":[1]},"id":1}""");
            }
        });
        string password = RpcPassword.ToParameter(Secret);
        using (var client = new JsonRpcTcpClient(new() { Url = server.Url, Password = Secret }))
        {
            Assert.Equal("""{"a":[1]}""", (await client.CallAsync("x", new JsonArray(1, null, "b"))).GetRawText());
            await client.CallAsync("x", new JsonObject { ["hash"] = "h", ["none"] = null });
            await client.CallAsync("x");
            Assert.Equal(1, server.Connections);
        }

        using (var client = new JsonRpcTcpClient(new() { Url = server.Url }))
        {
            await client.CallAsync("x", new JsonArray(1));
            await client.CallAsync("x");
        }

        Assert.Equal([$"[\"{password}\",1,null,\"b\"]", $$"""{"password":"{{password}}","hash":"h","none":null}""", $"[\"{password}\"]", "[1]", "[]"], seen);
    }

    [Fact]
    public async Task Call_PasswordFile_IsReadAtEachCall()
    {
        using var folder = new TempFolder();
        string file = Path.Combine(folder.Path, "secret");
        var seen = new List<string>();
        await using var server = new FakeRpcServer(async (stream, _) =>
        {
            while (await FakeRpcServer.ReadAsync(stream) is { Length: > 0 } request)
            {
                seen.Add(JsonDocument.Parse(request).RootElement.GetProperty("params")[0].GetString()!);
                await FakeRpcServer.WriteAsync(stream, """{"result":1,"error":null,"id":1}""");
            }
        });
        using var client = new JsonRpcTcpClient(new() { Url = server.Url, PasswordFile = file });
        RpcTransportException missing = await Assert.ThrowsAsync<RpcTransportException>(() => client.CallAsync("x"));
        Assert.Equal(RpcTransportFailure.Unauthorized, missing.Failure);
        Assert.Contains(file, missing.Message);
        foreach (string password in new[] { "one", "two" })
        {
            await File.WriteAllTextAsync(file, password + "\n", TestContext.Current.CancellationToken);
            await client.CallAsync("x");
        }

        Assert.Equal([RpcPassword.ToParameter("one"), RpcPassword.ToParameter("two")], seen);
    }

    [Fact]
    public async Task Call_ServerSaysNo_RpcExceptionWithItsData()
    {
        await using var server = new FakeRpcServer(async (stream, _) =>
        {
            await FakeRpcServer.ReadAsync(stream);
            await FakeRpcServer.WriteAsync(stream, """{"result":null,"error":{"code":-32002,"message":"wait","data":{"retryAfter":5}},"id":1}""");
        });
        using var client = new JsonRpcTcpClient(new() { Url = server.Url });
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("x"));
        Assert.Equal((-32002, "wait", """{"retryAfter":5}"""), (error.Code, error.Message, error.RawData));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", RpcTransportFailure.NotJsonRpc)]
    [InlineData("[1]", RpcTransportFailure.NotJsonRpc)]
    [InlineData("{]", RpcTransportFailure.NotJsonRpc)]
    [InlineData("{\"result\":", RpcTransportFailure.ConnectionLost)]
    [InlineData("", RpcTransportFailure.ConnectionLost)]
    [InlineData("LONG", RpcTransportFailure.TooLarge)]
    public async Task Call_BadServer_TransportFailureAndTheNextCallHasANewConnection(string answer, RpcTransportFailure failure)
    {
        await using var server = new FakeRpcServer(async (stream, number) =>
        {
            await FakeRpcServer.ReadAsync(stream);
            await FakeRpcServer.WriteAsync(
                stream, number > 1 ? """{"result":1,"id":1}""" : answer.Replace("LONG", "{\"result\":\"" + new string('l', 2000)));
        });
        var log = new ListLogger();
        using var client = new JsonRpcTcpClient(new() { Url = server.Url, MaxAnswerBytes = 1000, Password = Secret, LoggerFactory = log });

        RpcTransportException error = await Assert.ThrowsAsync<RpcTransportException>(() => client.CallAsync("x", new JsonArray(Secret)));

        Assert.Equal(failure, error.Failure);
        Assert.Contains($"{server.Url.Port}", error.Message);
        Assert.Equal(1, (await client.CallAsync("x")).GetInt32());
        Assert.DoesNotContain(log.Lines.Append(error.ToString()), line =>
            line.Contains(Secret, StringComparison.Ordinal) || line.Contains(RpcPassword.ToParameter(Secret), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_NobodyThere_Unreachable()
    {
        using var client = new JsonRpcTcpClient(new() { Url = new Uri($"rpc://127.0.0.1:{FreePort.Next()}") });
        RpcTransportException error = await Assert.ThrowsAsync<RpcTransportException>(() => client.CallAsync("x"));
        Assert.Equal(RpcTransportFailure.Unreachable, error.Failure);
        Assert.Contains("--rpc-port", error.Message);
    }

    [Fact]
    public async Task Call_ServerThatNeverAnswers_TimeoutAndCancellation()
    {
        var time = new ManualTime();
        var came = new SemaphoreSlim(0);
        await using var server = new FakeRpcServer(async (stream, _) =>
        {
            await FakeRpcServer.ReadAsync(stream);
            came.Release();
            await FakeRpcServer.ReadAsync(stream);
        });
        using var client = new JsonRpcTcpClient(new() { Url = server.Url, TimeProvider = time });
        Task<JsonElement> call = client.CallAsync("x");
        await came.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        RpcTransportException error = await Assert.ThrowsAsync<RpcTransportException>(() => call);
        Assert.Equal(RpcTransportFailure.Timeout, error.Failure);
        Assert.Contains("30 s", error.Message);

        using var cancel = new CancellationTokenSource();
        call = client.CallAsync("x", cancellationToken: cancel.Token);
        await came.WaitAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_ManyAtOnce_NoMoreConnectionsThanAllowed()
    {
        await using var server = new FakeRpcServer(async (stream, _) =>
        {
            while (await FakeRpcServer.ReadAsync(stream) is { Length: > 0 })
            {
                await Task.Yield();
                await FakeRpcServer.WriteAsync(stream, """{"result":1,"id":1}""");
            }
        });
        using var client = new JsonRpcTcpClient(new() { Url = server.Url, MaxConnections = 3 });
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.CallAsync("x")));
        Assert.InRange(server.Connections, 1, 3);
    }

    [Fact]
    public async Task Call_KeptConnectionClosedOrOld_NewOne()
    {
        var time = new ManualTime();
        var closed = new SemaphoreSlim(0);
        await using var server = new FakeRpcServer(async (stream, number) =>
        {
            while (await FakeRpcServer.ReadAsync(stream) is { Length: > 0 })
            {
                await FakeRpcServer.WriteAsync(stream, """{"result":1,"id":1}""");
                if (number == 1)
                {
                    stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                    closed.Release();
                }
            }
        });
        using var client = new JsonRpcTcpClient(new() { Url = server.Url, TimeProvider = time });
        await client.CallAsync("x");
        await closed.WaitAsync(TestContext.Current.CancellationToken);
        await client.CallAsync("x");
        Assert.Equal(2, server.Connections);
        await client.CallAsync("x");
        Assert.Equal(2, server.Connections);
        time.Advance(TimeSpan.FromSeconds(10));
        await client.CallAsync("x");
        Assert.Equal(3, server.Connections);
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync("x"));
    }
}
