using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

public sealed class BatchTests
{
    private static readonly RpcBatchCall[] s_two = [new("getblockcount"), new("getblockhash", [5])];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallBatchAsync_AnswersInAnyOrder_AreMatchedById()
    {
        var seen = new List<JsonArray>();
        await using var server = new RawHttpServer(request =>
        {
            JsonArray calls = request.Call.AsArray();
            seen.Add(calls);
            return RawHttpReply.Of(200, new JsonArray(
                [.. calls.Reverse().Select(call => Answer(call!["id"]!.GetValue<long>(), (string)call["method"]!))]).ToJsonString());
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });
        await client.CallBatchAsync(s_two, cancellationToken: Ct);

        IReadOnlyList<RpcBatchAnswer> answers = await client.CallBatchAsync(s_two, cancellationToken: Ct);

        Assert.Equal(["getblockcount", "getblockhash"], answers.Select(answer => answer.Result.GetString()!));
        Assert.Equal("[5]", seen[1][1]!["params"]!.ToJsonString());
        Assert.Equal("2.0", (string)seen[1][0]!["jsonrpc"]!);
        Assert.Equal(4, seen.SelectMany(calls => calls).Select(call => (long)call!["id"]!).Distinct().Count());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task CallBatchAsync_OneRefused_LeavesTheOthers()
    {
        await using var server = new RawHttpServer(request =>
        {
            long id = (long)request.Call[0]!["id"]!;
            return RawHttpReply.Of(200, $$$"""
                [{"result":null,"error":{"code":-8,"message":"out of range"},"id":{{{id + 1}}}},{"result":null,"error":null,"id":{{{id}}}}]
                """);
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        IReadOnlyList<RpcBatchAnswer> answers = await client.CallBatchAsync(s_two, cancellationToken: Ct);

        Assert.Null(answers[0].Error);
        Assert.Equal(JsonValueKind.Null, answers[0].Result.ValueKind);
        Assert.Equal(-8, answers[1].Error!.Code);
        Assert.Equal("out of range", Assert.Throws<RpcException>(() => answers[1].Result).Message);
    }

    [Fact]
    public async Task CallBatchAsync_RefusedAsAWhole_Throws()
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Error(-32600, "Invalid Request object"));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        var e = await Assert.ThrowsAsync<RpcException>(() => client.CallBatchAsync(s_two, cancellationToken: Ct));

        Assert.Equal(-32600, e.Code);
    }

    [Theory]
    [InlineData("""[{"result":1,"id":1}]""", "lacks the answer")]
    [InlineData("[]", "lacks the answer")]
    [InlineData("""[{"result":1,"id":1},{"result":1,"id":1}]""", "that was not made")]
    [InlineData("""[{"result":1,"id":1},{"result":1,"id":3}]""", "that was not made")]
    [InlineData("""[{"result":1,"id":1},{"result":1,"id":"2"}]""", "that was not made")]
    [InlineData("""[{"result":1,"id":1},{"result":1}]""", "that was not made")]
    [InlineData("""[{"result":1,"id":1},7]""", "not an object")]
    [InlineData("""[{"result":1,"id":1},{"id":2}]""", "neither result nor error")]
    [InlineData("""{"result":1,"id":1}""", "one answer to several")]
    [InlineData("nonsense", "is not JSON")]
    public async Task CallBatchAsync_OtherAnswers_AreNoneAtAll(string body, string why)
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Of(200, body));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        var e = await Assert.ThrowsAsync<RpcTransportException>(() => client.CallBatchAsync(s_two, cancellationToken: Ct));

        Assert.Equal(RpcTransportFailure.NotJsonRpc, e.Failure);
        Assert.Contains(why, e.Message);
        Assert.Contains("a batch of 2 calls", e.Message);
    }

    [Fact]
    public async Task CallBatchAsync_NoAnswer_EndsInTime()
    {
        await using var server = new RawHttpServer(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return RawHttpReply.Unauthorized;
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        var e = await Assert.ThrowsAsync<RpcTransportException>(
            () => client.CallBatchAsync(s_two, TimeSpan.FromSeconds(0.1), Ct));

        Assert.Equal(RpcTransportFailure.Timeout, e.Failure);
    }

    [Fact]
    public async Task CallBatchAsync_Unauthorized_SaysSo()
    {
        await using var server = new RawHttpServer(_ => RawHttpReply.Unauthorized);
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });

        var e = await Assert.ThrowsAsync<RpcTransportException>(() => client.CallBatchAsync(s_two, cancellationToken: Ct));

        Assert.Equal(RpcTransportFailure.Unauthorized, e.Failure);
    }

    [Fact]
    public async Task CallBatchAsync_NoneTooManyOrNameless_IsRefusedBeforeItIsSent()
    {
        using var client = new JsonRpcHttpClient(new() { Url = new Uri("http://127.0.0.1:1/"), MaxBatchCalls = 2 });

        await Assert.ThrowsAsync<ArgumentException>(() => client.CallBatchAsync([], cancellationToken: Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallBatchAsync([.. s_two, new("x")], cancellationToken: Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallBatchAsync([new("")], cancellationToken: Ct));
    }

    private static JsonObject Answer(long id, string result) => new() { ["result"] = result, ["error"] = null, ["id"] = id };
}
