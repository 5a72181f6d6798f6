using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Rpc;

namespace Stratum.Server.Tests;

/// <summary>What is built in: blocks, wallets, alerts, connections.</summary>
public sealed class RpcNoticeTests
{
    private const string Hash = RpcHarness.Hash;

    [Theory]
    [InlineData("mining.block", "[\"HASH\"]", Hash, "bitcoin")]
    [InlineData("mining.update_block", "[\"HASH\",\"litecoin\"]", Hash, "litecoin")]
    [InlineData("mining.block", "{\"hash\":\"HASH\",\"source\":\"x\"}", Hash, "x")]
    [InlineData("mining.block", "{\"data\":\"HASH\"}", Hash, "bitcoin")]
    [InlineData("mining.block", "[\"HASH\",null]", Hash, "bitcoin")]
    [InlineData("mining.wallet", "[\"any 'text' $(x) \\n\"]", "any 'text' $(x) \n", "bitcoin")]
    [InlineData("mining.alert", "{\"data\":\"\",\"source\":\"dogecoin\"}", "", "dogecoin")]
    public async Task Notice_EveryForm_IsTheEventAndAnswersTrue(string method, string parameters, string data, string source)
    {
        await using var rpc = new RpcServerInMemory();
        var seen = new List<string>();
        rpc.Server.Block += (_, notice) => Add("block", notice);
        rpc.Server.Wallet += (_, notice) => Add("wallet", notice);
        rpc.Server.Alert += (_, notice) => Add("alert", notice);

        // Daemons write lower case; whoever writes by hand need not.
        var answer = await rpc.CallAsync(method, parameters.Replace("HASH", Hash.ToUpperInvariant()));

        Assert.Equal("true", answer.GetProperty("result").GetRawText());
        var kind = method == "mining.update_block" ? "block" : method["mining.".Length..];
        Assert.Equal($"{kind} {method} {data} {source}", Assert.Single(seen));

        ValueTask Add(string kind, RpcNotice notice)
        {
            seen.Add($"{kind} {notice.Call.Method} {notice.Data} {notice.Source}");
            return default;
        }
    }

    [Theory]
    [InlineData("mining.block", "[]", "(hash) is missing")]
    [InlineData("mining.block", "[\"\"]", "64 hex digits")]
    [InlineData("mining.block", "[\"%s\"]", "64 hex digits")]
    [InlineData("mining.block", "[\"000000000000000000000000000000000000000000000000000000000000abcg\"]", "64 hex digits")]
    [InlineData("mining.block", "[\"000000000000000000000000000000000000000000000000000000000000abcd0\"]", "64 hex digits")]
    [InlineData("mining.block", "[7]", "must be a text")]
    [InlineData("mining.update_block", "[\"" + Hash + "\",7]", "must be a text")]
    [InlineData("mining.wallet", "[]", "(data) is missing")]
    [InlineData("mining.wallet", "{\"hash\":\"x\"}", "(data) is missing")]
    [InlineData("mining.alert", "[[]]", "must be a text")]
    public async Task Notice_WrongParameters_RefusedBeforeAnyHandler(string method, string parameters, string why)
    {
        await using var rpc = new RpcServerInMemory();
        var seen = 0;
        rpc.Server.Block += (_, _) => Count();
        rpc.Server.Wallet += (_, _) => Count();
        rpc.Server.Alert += (_, _) => Count();

        var error = (await rpc.CallAsync(method, parameters)).GetProperty("error");

        Assert.Equal(RpcErrors.InvalidParams, error.GetProperty("code").GetInt32());
        Assert.Contains(why, error.GetProperty("message").GetString());
        Assert.Equal(0, seen);

        ValueTask Count()
        {
            seen++;
            return default;
        }
    }

    [Fact]
    public async Task Notice_Handlers_AnswerRefuseAndFail()
    {
        await using var rpc = new RpcServerInMemory();
        var heard = 0;
        rpc.Server.Block += async (_, notice) =>
        {
            await Task.Yield();
            switch (notice.Source)
            {
                case "answer":
                    notice.Answer = new JsonObject { ["height"] = 5 };
                    break;
                case "unknown":
                    throw new RpcException(-5, "no daemon of that name", "[1]");
                case "broken":
                    throw new InvalidOperationException("a secret");
            }
        };
        rpc.Server.Block += (_, _) =>
        {
            heard++;
            return default;
        };

        Assert.Equal("""{"height":5}""", (await rpc.CallAsync("mining.block", $"[\"{Hash}\",\"answer\"]")).GetProperty("result").GetRawText());
        Assert.Equal("""{"code":-5,"message":"no daemon of that name","data":[1]}""",
            (await rpc.CallAsync("mining.block", $"[\"{Hash}\",\"unknown\"]")).GetProperty("error").GetRawText());
        Assert.Equal("""{"code":-32603,"message":"Internal error"}""",
            (await rpc.CallAsync("mining.block", $"[\"{Hash}\",\"broken\"]")).GetProperty("error").GetRawText());
        // A failure keeps nobody from hearing of a block; a refusal does.
        Assert.Equal(2, heard);
        Assert.Single(rpc.Log.Lines, line => line.Id == 521 && line.Failure!.Message == "a secret");
    }

    [Fact]
    public async Task Notice_RefusalAfterAFailure_IsTheAnswerAndTheFailureIsLogged()
    {
        await using var rpc = new RpcServerInMemory();
        var order = new List<int>();
        rpc.Server.Wallet += (_, _) => Run(1, new InvalidOperationException("a secret"));
        rpc.Server.Wallet += (_, _) => Run(2, new RpcException(-5, "no"));
        rpc.Server.Wallet += (_, _) => Run(3, new RpcException(-6, "never"));

        Assert.Equal(-5, (await rpc.CallAsync("mining.wallet", "[\"x\"]")).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal([1, 2], order);
        Assert.Single(rpc.Log.Lines, line => line.Id == 155 && line.Failure!.Message == "a secret");

        ValueTask Run(int number, Exception failure)
        {
            order.Add(number);
            throw failure;
        }
    }

    [Fact]
    public async Task Connections_NoServer_NoneAndAHandlerMayAnswer()
    {
        await using var rpc = new RpcServerInMemory();
        Assert.Equal("[]", (await rpc.CallAsync("mining.connections", "[]")).GetProperty("result").GetRawText());
        rpc.Server.ConnectionsAsked += (_, query) =>
        {
            query.Answer = query.Call.Method;
            return default;
        };
        Assert.Equal("mining.connections", (await rpc.CallAsync("mining.connections", "[]")).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Connections_OfAttachedServers_EachWithWhatIsKnownOfIt()
    {
        await using var server = new TestServer();
        await using var rpc = new RpcServerInMemory(server.Server);
        await server.BroadcastAsync();
        await using var peer = await server.LoginAsync(Drivers.Loop);
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        await using var fresh = await server.ConnectAsync(Drivers.Loop);
        await Until.TrueAsync(() => server.Server.Sessions.Count == 2 || server.Server.ConnectionCount == 2, "both did not come");

        var list = (await rpc.CallAsync("mining.connections", "[]")).GetProperty("result");

        var session = Assert.Single(server.Server.Sessions, session => session.IsAuthorized);
        var entry = list.EnumerateArray().Single(one => one.GetProperty("id").GetInt64() == session.Id);
        Assert.Equal(session.RemoteEndPoint!.ToString(), entry.GetProperty("address").GetString());
        Assert.Equal(session.Workers[0].Value, entry.GetProperty("worker").GetString());
        Assert.Equal(1, entry.GetProperty("workers").GetArrayLength());
        Assert.Equal(session.UserAgent, entry.GetProperty("agent").GetString());
        Assert.Equal(session.ConnectedAt, entry.GetProperty("since").GetDateTimeOffset());
        Assert.EndsWith("Z", entry.GetProperty("since").GetString());
        Assert.True(entry.GetProperty("lastActivity").GetDateTimeOffset() >= session.ConnectedAt);
        Assert.Equal(session.Difficulty.Value, entry.GetProperty("difficulty").GetDouble());
        Assert.Equal((1, 0), (entry.GetProperty("accepted").GetInt32(), entry.GetProperty("rejected").GetInt32()));
        Assert.True(entry.GetProperty("authorized").GetBoolean());
        Assert.False(entry.GetProperty("tls").GetBoolean());
    }
}
