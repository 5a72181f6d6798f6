using Stratum.Protocol;

namespace Stratum.Client.Tests;

public sealed class PoolRequestTests
{
    [Theory]
    [InlineData("{\"id\":7,\"method\":\"client.get_version\",\"params\":[]}", "{\"id\":7,\"result\":\"tester/1\",\"error\":null}")]
    [InlineData("{\"id\":\"v\",\"method\":\"client.get_version\"}", "{\"id\":\"v\",\"result\":\"tester/1\",\"error\":null}")]
    [InlineData("{\"id\":42,\"method\":\"mining.ping\",\"params\":[]}", "{\"id\":42,\"result\":\"pong\",\"error\":null}")]
    [InlineData("{\"id\":0,\"method\":\"client.show_message\",\"params\":[\"hi\"]}", "{\"id\":0,\"result\":true,\"error\":null}")]
    [InlineData("{\"id\":[1],\"method\":\"mining.get_hashrate\",\"params\":{}}", "{\"id\":[1],\"result\":null,\"error\":[-3,\"Method not found\",null]}")]
    public async Task Request_OfThePool_IsAnswered(string request, string answer)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { UserAgent = "tester/1" });
        await using var _ = client;
        await miner.SendAsync(request);
        Assert.Equal(answer, await miner.ReadLineAsync());
    }

    [Theory]
    [InlineData("{\"id\":null,\"method\":\"mining.ping\",\"params\":[]}")]
    [InlineData("{\"method\":\"client.get_version\"}")]
    [InlineData("{\"id\":1,\"method\":\"pong\",\"params\":[]}")]
    [InlineData("{\"id\":null,\"method\":\"mining.whatever\",\"params\":[]}")]
    public async Task Request_WithoutIdOrPong_IsNotAnswered(string request)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        await miner.SendAsync(request);
        await client.SettleAsync(miner); // its request is the next line, and no answer before it
    }

    [Fact]
    public async Task Notification_Unknown_IsReported()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var told = new TaskCompletionSource<PoolNotification>();
        client.UnknownNotification += (_, notification) => told.TrySetResult(notification);
        await miner.SendAsync("{\"id\":null,\"method\":\"mining.set_goal\",\"params\":[\"x\",{\"y\":1}]}");
        Assert.Equal(new PoolNotification("mining.set_goal", "[\"x\",{\"y\":1}]"), await told.Task.WaitAsync(FakePool.Patience));
    }

    [Fact]
    public async Task Map_Handlers_AnswerRefuseAndFail()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        client.Map("a.sum", (int[]? numbers) => new ValueTask<int>(numbers!.Sum()), TestJson.Default.Int32Array, TestJson.Default.Int32);
        client.Map("a.sync", (int any, string[] list, int more = 9) => new { any, list, more });
        client.Map("a.task", async (string text) =>
        {
            await Task.Yield();
            return text.Length;
        });
        client.Map("a.value", (string text) => ValueTask.FromResult(text + "!"));
        client.Map("a.nothing", () => Task.CompletedTask);
        client.Map("a.refuse", int () => throw new StratumException(77, "Not you", "{\"why\":1}"));
        client.Map("a.fail", int () => throw new InvalidDataException("secret"));
        Assert.Throws<InvalidOperationException>(() => client.Map("a.sum", () => 1));

        await AssertAnswer("a.sum", "[1,2,3]", "\"result\":6,\"error\":null");
        await AssertAnswer("a.sync", "[5,[\"x\"]]", "\"result\":{\"any\":5,\"list\":[\"x\"],\"more\":9},\"error\":null");
        await AssertAnswer("a.task", "[\"four\"]", "\"result\":4,\"error\":null");
        await AssertAnswer("a.value", "[\"hi\"]", "\"result\":\"hi!\",\"error\":null");
        await AssertAnswer("a.nothing", "[]", "\"result\":null,\"error\":null");
        await AssertAnswer("a.refuse", "[]", "\"result\":null,\"error\":[77,\"Not you\",{\"why\":1}]");
        await AssertAnswer("a.fail", "[]", "\"result\":null,\"error\":[20,\"Internal error\",null]");
        await AssertAnswer("a.task", "[]", "\"result\":null,\"error\":[20,\"a.task: parameter 1 (text) is missing\",null]");
        await miner.SendAsync("{\"id\":1,\"method\":\"a.sum\",\"params\":[\"x\"]}");
        Assert.StartsWith("{\"id\":1,\"result\":null,\"error\":[20,\"a.sum: ", await miner.ReadLineAsync(), StringComparison.Ordinal);

        async Task AssertAnswer(string method, string parameters, string expected)
        {
            await miner.SendAsync($"{{\"id\":1,\"method\":\"{method}\",\"params\":{parameters}}}");
            Assert.Equal($"{{\"id\":1,{expected}}}", await miner.ReadLineAsync());
        }
    }

    [Fact]
    public async Task OnRequest_Filter_AnswersRejectsSwallowsAndPasses()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        client.OnRequest(request => request.Method switch
        {
            "client.get_version" => PoolRequestOutcome.Answer("\"mine\""),
            "mining.ping" => PoolRequestOutcome.Reject(5, "no pings", "[1]"),
            "mining.notify" when request.Parameters.StartsWith("[\"bad\"", StringComparison.Ordinal) => PoolRequestOutcome.Answer("true"),
            "a.crash" => throw new InvalidDataException(),
            _ => PoolRequestOutcome.Pass,
        });
        Assert.Throws<InvalidOperationException>(() => client.OnRequest(_ => default));
        await miner.SendAsync("{\"id\":1,\"method\":\"client.get_version\"}");
        Assert.Equal("{\"id\":1,\"result\":\"mine\",\"error\":null}", await miner.ReadLineAsync());
        await miner.SendAsync("{\"id\":2,\"method\":\"mining.ping\"}");
        Assert.Equal("{\"id\":2,\"result\":null,\"error\":[5,\"no pings\",[1]]}", await miner.ReadLineAsync());
        await miner.SendAsync("{\"id\":3,\"method\":\"a.crash\"}");
        Assert.Equal("{\"id\":3,\"result\":null,\"error\":[20,\"Internal error\",null]}", await miner.ReadLineAsync());
        await miner.SendAsync(FakePoolConnection.Notify("good"), FakePoolConnection.Notify("bad"));
        await client.SettleAsync(miner);
        Assert.Equal("good", client.CurrentJob!.Id);
    }

    [Fact]
    public async Task Events_HandlerThrows_TheClientGoesOn()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        client.LineReceived += (_, _) => throw new InvalidDataException();
        client.LineSent += (_, _) => throw new InvalidDataException();
        client.ProtocolError += (_, _) => throw new InvalidDataException();
        await miner.SendAsync("junk");
        await client.SettleAsync(miner);
    }
}
