using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>What can be wrong with a daemon, seen from its callers.</summary>
public class FaultTests
{
    private const string Count = """{"id":1,"method":"getblockcount","params":[]}""";
    private static readonly SimulatedChainOptions Quiet =
        new() { JobInterval = Timeout.InfiniteTimeSpan, BlockTime = TimeSpan.FromHours(1) };

    [Theory]
    [InlineData(SimulatedFaultKind.Unauthorized, HttpStatusCode.Unauthorized, "")]
    [InlineData(SimulatedFaultKind.Forbidden, HttpStatusCode.Forbidden, "")]
    [InlineData(SimulatedFaultKind.Empty, HttpStatusCode.OK, "")]
    [InlineData(SimulatedFaultKind.NotJson, HttpStatusCode.OK, "<html><body>502 Bad Gateway</body></html>\n")]
    [InlineData(SimulatedFaultKind.WrongEnvelope, HttpStatusCode.OK, "{\"status\":\"ok\"}\n")]
    [InlineData(SimulatedFaultKind.WrongResult, HttpStatusCode.OK,
        "{\"result\":[{\"unexpected\":true}],\"error\":null,\"id\":1}\n")]
    public async Task Fault_Answer_IsWrongUntilTheFaultIsTakenAway(
        SimulatedFaultKind kind, HttpStatusCode status, string body)
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Fault = new(kind);
        Assert.Equal((status, body), await daemon.PostAsync(Count));
        Assert.Equal((status, body), await daemon.PostAsync(Count));
        daemon.Daemon.Fault = null;
        Assert.Equal(0, (await daemon.CallAsync("getblockcount")).GetInt32());
    }

    [Theory]
    [InlineData(SimulatedFaultKind.Truncated)]
    [InlineData(SimulatedFaultKind.LostAnswer)]
    [InlineData(SimulatedFaultKind.Closed)]
    public async Task Fault_Connection_DiesUnderTheCall(SimulatedFaultKind kind)
    {
        await using var daemon = await DaemonFixture.StartAsync();
        Assert.Equal(0, (await daemon.CallAsync("getblockcount")).GetInt32());
        daemon.Daemon.Fault = new(kind);
        await Assert.ThrowsAsync<HttpRequestException>(() => daemon.PostAsync(Count));
        await Assert.ThrowsAsync<HttpRequestException>(() => daemon.PostAsync(Count));
        daemon.Daemon.Fault = null;

        // The first client may have opened connections ahead that the fault has closed: another one asks.
        using var other = new HttpClient();
        other.DefaultRequestHeaders.Authorization = daemon.Http.DefaultRequestHeaders.Authorization;
        using var content = new StringContent(Count);
        using var response = await other.PostAsync(daemon.Daemon.Url, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Fault_Closed_NewConnectionEndsBeforeAByteWasSent()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Fault = new(SimulatedFaultKind.Closed);
        using var socket = new TcpClient();
        int read;
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, daemon.Daemon.Port, TestContext.Current.CancellationToken);
            read = await socket.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            read = 0;
        }

        Assert.Equal(0, read);
    }

    [Fact]
    public async Task Fault_Truncated_SaysAWholeLengthAndSendsHalf()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Fault = new(SimulatedFaultKind.Truncated);
        using var content = new StringContent(Count);
        using var request = new HttpRequestMessage(HttpMethod.Post, daemon.Daemon.Url) { Content = content };
        using var response = await daemon.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(33, response.Content.Headers.ContentLength);
        await Assert.ThrowsAnyAsync<Exception>(
            () => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fault_TooLarge_AnswerBehindAsManyBlanks()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Fault = new(SimulatedFaultKind.TooLarge) { Bytes = 1_000_000 };
        string body = (await daemon.PostAsync(Count)).Body;
        Assert.Equal(1_000_033, body.Length);
        Assert.Equal("{\"result\":0", body.TrimStart()[..11]);
    }

    [Fact]
    public async Task Fault_LostAnswerOfSubmitBlock_BlockIsTakenAndOthersAreAnswered()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Fault = new(SimulatedFaultKind.LostAnswer, "submitblock") { Times = 1 };
        string block = Convert.ToHexString(BlockDraft.Of(daemon.Chain).Mine());
        Assert.Equal(0, (await daemon.CallAsync("getblockcount")).GetInt32());
        await Assert.ThrowsAsync<HttpRequestException>(() => daemon.CallAsync("submitblock", block));
        Assert.Equal(1, daemon.Chain.Height);
        Assert.Null(daemon.Daemon.Fault);
        Assert.Equal("duplicate", (await daemon.CallAsync("submitblock", block)).GetString());
        Assert.Equal(2, daemon.Daemon.CallCount("submitblock"));
        Assert.Equal(0, daemon.Daemon.CallCount("getblock"));
    }

    [Fact]
    public async Task Fault_Unauthorized_CallIsNotRun()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Fault = new(SimulatedFaultKind.Unauthorized, "submitblock");
        string block = Convert.ToHexString(BlockDraft.Of(daemon.Chain).Mine());
        var request = new JsonObject { ["id"] = 1, ["method"] = "submitblock", ["params"] = new JsonArray(block) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await daemon.PostAsync(request.ToJsonString())).Status);
        Assert.Equal(0, daemon.Chain.Height);
    }

    [Fact]
    public async Task Tamper_Template_IsChangedAndErrorsCanBeThrown()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Tamper = (method, result) =>
        {
            if (method == "getblocktemplate")
            {
                result!["height"] = 77;
            }

            return method == "getblockcount" ? throw new SimulatedRpcException(-5, "tampered")
                : method == "uptime" ? null : result;
        };
        Assert.Equal(77, (await daemon.TemplateAsync()).GetProperty("height").GetInt32());
        Assert.Equal(-5, await daemon.ErrorAsync("getblockcount"));
        Assert.Equal(JsonValueKind.Null, (await daemon.CallAsync("uptime")).ValueKind);
        string block = Convert.ToHexString(BlockDraft.Of(daemon.Chain).Mine());
        Assert.Equal(JsonValueKind.Null, (await daemon.CallAsync("submitblock", block)).ValueKind);
        daemon.Daemon.Tamper = null;
        Assert.Equal(2, (await daemon.TemplateAsync()).GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task BlockRefusal_WordOrError_IsAnsweredAndTheChainSeesNothing()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        string block = Convert.ToHexString(BlockDraft.Of(daemon.Chain).Mine());
        daemon.Daemon.BlockRefusal = new("inconclusive");
        Assert.Equal("inconclusive", (await daemon.CallAsync("submitblock", block)).GetString());
        daemon.Daemon.BlockRefusal = new("Block does not start with a coinbase", -22);
        Assert.Equal(-22, await daemon.ErrorAsync("submitblock", block));
        Assert.Equal(0, daemon.Chain.Height);
        daemon.Daemon.BlockRefusal = null;
        Assert.Equal(JsonValueKind.Null, (await daemon.CallAsync("submitblock", block)).ValueKind);
    }

    [Fact]
    public async Task Slow_Call_RunsAtOnceAndAnswersAfterTheDelay()
    {
        var time = new ManualTime();
        await using var daemon = await DaemonFixture.StartAsync(Quiet with { TimeProvider = time });
        Assert.Equal(TimeSpan.FromSeconds(30), daemon.Daemon.AnswerDelay);
        daemon.Daemon.AnswerDelay = TimeSpan.FromSeconds(5);
        daemon.Daemon.Mood = SimulatedDaemonMood.Slow;
        var call = daemon.CallAsync("submitblock", Convert.ToHexString(BlockDraft.Of(daemon.Chain).Mine()));
        while (daemon.Chain.Height == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(call.IsCompleted);
        while (!call.IsCompleted)
        {
            // The answer may not have reached its clock yet.
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(call, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        Assert.Equal(JsonValueKind.Null, (await call).ValueKind);

        var released = daemon.CallAsync("getblockcount");
        daemon.Daemon.Mood = SimulatedDaemonMood.Normal;
        Assert.Equal(1, (await released).GetInt32());
    }

    [Fact]
    public async Task Hanging_LongPoll_IsNotAnsweredByANewTip()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var poll = daemon.TemplateAsync((await daemon.TemplateAsync()).GetProperty("longpollid").GetString());
        await daemon.CallAsync("getblockcount");
        daemon.Daemon.Mood = SimulatedDaemonMood.Hanging;
        Assert.NotNull(daemon.Chain.GenerateBlock(new byte[] { 0x51 }));
        var first = await Task.WhenAny(poll, Task.Delay(100, TestContext.Current.CancellationToken));
        Assert.NotSame(poll, first);
        daemon.Daemon.Mood = SimulatedDaemonMood.Normal;
        Assert.Equal(2, (await poll).GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task Peers_SetToNone_TemplatesAreRefused()
    {
        await using var daemon = await DaemonFixture.StartAsync(null, new() { Peers = 3 });
        Assert.Equal(3, (await daemon.CallAsync("getconnectioncount")).GetInt32());
        daemon.Daemon.Peers = 0;
        Assert.Equal(-9, await daemon.ErrorAsync("getblocktemplate"));
        Assert.Equal(0, (await daemon.CallAsync("getnetworkinfo")).GetProperty("connections").GetInt32());
        daemon.Daemon.Peers = 1;
        Assert.Equal(1, (await daemon.TemplateAsync()).GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task Date_EveryAnswer_IsTheChainsClockAndTheOffset()
    {
        var time = new ManualTime();
        await using var daemon = await DaemonFixture.StartAsync(
            Quiet with { TimeProvider = time }, new() { ClockOffset = TimeSpan.FromMinutes(-3) });
        Assert.Equal(time.GetUtcNow() - TimeSpan.FromMinutes(3), await DateAsync(daemon));
        daemon.Daemon.ClockOffset = TimeSpan.FromSeconds(10);
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(10), await DateAsync(daemon));
        daemon.Daemon.Mood = SimulatedDaemonMood.WarmingUp;
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(10), await DateAsync(daemon));
    }

    private static async Task<DateTimeOffset?> DateAsync(DaemonFixture daemon)
    {
        using var content = new StringContent(Count);
        using var response = await daemon.Http.PostAsync(
            daemon.Daemon.Url, content, TestContext.Current.CancellationToken);
        return response.Headers.Date;
    }
}
