using System.Text.Json;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client.Tests;

public sealed class CallTests
{
    [Theory]
    [InlineData("\"result\":true,\"error\":null", true, 0, "")]
    [InlineData("\"result\":true", true, 0, "")] // miningcore
    [InlineData("\"error\":null,\"result\":true", true, 0, "")]
    [InlineData("\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"OK\"}", true, 0, "")] // xmrig-proxy
    [InlineData("\"result\":null,\"error\":[-21,\"Stale work\",null]", false, -21, "Stale work")] // seed
    [InlineData("\"result\":null,\"error\":[21,\"job not found\"]", false, 21, "job not found")] // node-stratum-pool
    [InlineData("\"error\":{\"code\":21,\"message\":\"stale\",\"data\":null}", false, 21, "stale")]
    [InlineData("\"result\":false,\"error\":null,\"reject-reason\":\"Stale\"", false, 21, "Stale")] // ckpool
    [InlineData("\"result\":false,\"error\":[21,\"Stale\",null]", false, 21, "Stale")]
    [InlineData("\"error\":[23,\"Difficulty too low\",\"\"],\"result\":null", false, 23, "Difficulty too low")]
    [InlineData("\"result\":null,\"error\":\"-3:method not found\"", false, -3, "method not found")]
    [InlineData("\"result\":true,\"error\":[22,\"duplicate\",null]", false, 22, "duplicate")]
    [InlineData("\"result\":false,\"error\":null", false, 20, "The pool gave no reason")]
    [InlineData("\"result\":null,\"error\":null", false, 20, "The pool gave no reason")]
    public async Task SubmitAsync_EveryShapeOfAnswer_IsAValue(string answer, bool accepted, int code, string text)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        var submit = client.SubmitAsync("w", "j", Extranonce.FromUInt64(1, 4), 2, 3);
        await miner.AnswerAsync(await miner.ExpectAsync("mining.submit"), answer);
        Assert.Equal(new SubmitResult(accepted, code, text), await submit);
    }

    [Theory]
    [InlineData("[[[\"mining.set_difficulty\",\"d\"],[\"mining.notify\",\"n\"]],\"57a6f098\",4]", "57a6f098", 4, "n")]
    [InlineData("[[[\"mining.notify\",\"n\"]],\"57A6F098\",8]", "57a6f098", 8, "n")]
    [InlineData("[[\"mining.set_difficulty\",\"0\",\"mining.notify\",\"0\"],\"57a6f098\",4]", "57a6f098", 4, "0")] // CoiniumServ
    [InlineData("[null,\"57a6f098\",4]", "57a6f098", 4, null)] // KawPow
    [InlineData("[[],\"0102030405060708090a0b0c0d0e0f\",2,\"more\"]", "0102030405060708090a0b0c0d0e0f", 2, null)]
    public async Task SubscribeAsync_EveryShapeOfAnswer_IsRead(string result, string extranonce1, int size, string? id)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var subscribe = client.SubscribeAsync();
        var request = await miner.ExpectAsync("mining.subscribe");
        Assert.Equal(client.Options.UserAgent, request.GetProperty("params")[0].GetString());
        await miner.AnswerAsync(request, $"\"result\":{result},\"error\":null");
        var answer = await subscribe;
        Assert.Equal((extranonce1, size, id), (answer.Extranonce1.ToString(), answer.Extranonce2Size, answer.SessionId));
    }

    [Fact]
    public async Task SubscribeAsync_UnreadableAnswer_IsAProtocolException()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var subscribe = client.SubscribeAsync();
        await miner.AnswerAsync(await miner.ExpectAsync("mining.subscribe"), "\"result\":true,\"error\":null");
        await Assert.ThrowsAsync<StratumProtocolException>(() => subscribe);
        Assert.True(client.IsConnected);
    }

    [Theory]
    [InlineData("\"result\":false,\"error\":[24,\"Unknown user\",null]", 24, "Unknown user")]
    [InlineData("\"result\":true,\"error\":{\"code\":-1,\"message\":\"Banned\"}", -1, "Banned")]
    [InlineData("\"result\":false,\"error\":null", 24, "alice")]
    [InlineData("\"result\":null", 24, "alice")]
    public async Task AuthorizeAsync_Refused_ThrowsWhatThePoolSaid(string answer, int code, string text)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var authorize = client.AuthorizeAsync("alice", "secret");
        var request = await miner.ExpectAsync("mining.authorize");
        Assert.Equal("[\"alice\",\"secret\"]", request.GetProperty("params").GetRawText());
        await miner.AnswerAsync(request, answer);
        var error = await Assert.ThrowsAsync<StratumRemoteException>(() => authorize);
        Assert.Equal(code, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_AnswersInAnyOrderAndIdsAsStrings_FindTheirCalls()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var first = client.CallAsync("a.first");
        var second = client.CallAsync("a.second", "{\"x\":\n[1]}");
        var third = client.CallAsync("a.third");
        var requests = new[] { await miner.ExpectAsync("a.first"), await miner.ExpectAsync("a.second"), await miner.ExpectAsync("a.third") };
        Assert.Equal("{\"x\":[1]}", requests[1].GetProperty("params").GetRawText());
        await miner.SendAsync(
            $"{{\"id\":\"{requests[2].GetProperty("id")}\",\"result\":3,\"error\":null}}",
            $"{{\"id\":{requests[0].GetProperty("id")},\"result\":[1],\"error\":null}}",
            $"{{\"result\":null,\"error\":null,\"id\":\"{requests[1].GetProperty("id")}\"}}");
        Assert.Equal(3, (await third).GetInt32());
        Assert.Equal(1, (await first)[0].GetInt32());
        Assert.Equal(JsonValueKind.Null, (await second).ValueKind);
    }

    [Theory]
    [InlineData("999999")]
    [InlineData("null")]
    [InlineData("\"xyz\"")]
    [InlineData("{}")]
    [InlineData("123456789012345678901234567890")]
    public async Task Answer_ToNothing_IsReportedNotFatal(string id)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var error = client.NextProtocolError();
        await miner.SendAsync($"{{\"id\":{id},\"result\":true,\"error\":null}}");
        Assert.Contains("nothing that was asked", (await error).Text, StringComparison.Ordinal);
        await client.SettleAsync(miner);
    }

    [Fact]
    public async Task CallAsync_Typed_WritesAndReads()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var call = client.CallAsync("a.sum", new[] { 1, 2 }, TestJson.Default.Int32Array, TestJson.Default.Int32);
        var request = await miner.ExpectAsync("a.sum");
        Assert.Equal("[1,2]", request.GetProperty("params").GetRawText());
        await miner.AnswerAsync(request, "\"result\":3,\"error\":null");
        Assert.Equal(3, await call);

        call = client.CallAsync("a.sum", new[] { 1 }, TestJson.Default.Int32Array, TestJson.Default.Int32);
        await miner.AnswerAsync(await miner.ExpectAsync("a.sum"), "\"result\":\"three\",\"error\":null");
        await Assert.ThrowsAsync<StratumProtocolException>(() => call);
    }

    [Fact]
    public async Task CallAsync_NoAnswer_TimesOutAndALateAnswerIsReported()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { CallTimeout = TimeSpan.FromMilliseconds(50) });
        await using var _ = client;
        var call = client.CallAsync("a.never");
        var request = await miner.ExpectAsync("a.never");
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("a.never", timeout.Message, StringComparison.Ordinal);
        Assert.True(client.IsConnected);
        var error = client.NextProtocolError();
        await miner.AnswerAsync(request, "\"result\":true");
        await error;
    }

    [Fact]
    public async Task CallAsync_Cancelled_Ends()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        using var stop = new CancellationTokenSource();
        var call = client.CallAsync("a.never", cancellationToken: stop.Token);
        await miner.ExpectAsync("a.never");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task CallAsync_PoolDiesMidCall_FailsWithTheReason()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { Reconnect = false });
        await using var _ = client;
        var calls = new[] { client.CallAsync("a.one"), client.CallAsync("a.two") };
        await miner.ExpectAsync("a.two".Replace("two", "one", StringComparison.Ordinal));
        miner.Reset();
        foreach (var call in calls)
            Assert.Contains(pool.Port.ToString(), (await Assert.ThrowsAsync<IOException>(() => call)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => client.Completion);
        await Assert.ThrowsAsync<IOException>(() => client.CallAsync("a.three"));
    }

    [Fact]
    public async Task CallAsync_TooManyOutstanding_WaitTheirTurn()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { MaxPendingCalls = 2 });
        await using var _ = client;
        var calls = Enumerable.Range(0, 3).Select(i => client.CallAsync($"a.{i}")).ToArray();
        var first = await miner.ExpectAsync("a.0");
        await miner.ExpectAsync("a.1");
        await client.NotifyAsync("a.mark");
        await miner.ExpectAsync("a.mark"); // and not a.2
        await miner.AnswerAsync(first, "\"result\":true");
        await calls[0];
        await miner.ExpectAsync("a.2");
    }

    [Fact]
    public async Task NotifyAsync_AndSendAsync_WriteWhatTheySay()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var sent = new List<string>();
        client.LineSent += (_, line) => sent.Add(line);
        await client.NotifyAsync("a.fact", "[\n1]");
        await client.SendAsync("anything at all");
        Assert.Equal("{\"id\":null,\"method\":\"a.fact\",\"params\":[1]}", await miner.ReadLineAsync());
        Assert.Equal("anything at all", await miner.ReadLineAsync());
        Assert.Equal(["{\"id\":null,\"method\":\"a.fact\",\"params\":[1]}", "anything at all"], sent);
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync("two\nlines"));
        await Assert.ThrowsAsync<ArgumentException>(() => client.NotifyAsync("a", "{"));
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallAsync("a", "nope"));
    }

    [Fact]
    public async Task Calls_NotConnected_SayWhatToDo()
    {
        var client = new StratumClient();
        Assert.Contains("ConnectAsync", (await Assert.ThrowsAsync<InvalidOperationException>(() => client.SubscribeAsync())).Message, StringComparison.Ordinal);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SubscribeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ConnectAsync("localhost:1"));
    }

    [Fact]
    public async Task SubmitAsync_WithoutWorker_SaysSo()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options);
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        var job = await jobs.NextAsync();
        var submit = client.SubmitAsync(job, Extranonce.FromUInt64(1, 4), job.Time, 1);
        Assert.Equal("alice.rig", (await miner.ExpectAsync("mining.submit")).GetProperty("params")[0].GetString());

        var (other, _) = await pool.ConnectAsync();
        await using var __ = other;
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.SubmitAsync(job, Extranonce.FromUInt64(1, 4), job.Time, 1));
        await client.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => submit);
    }
}
