using System.Text;
using System.Text.Json;
using Stratum.Protocol;

namespace Stratum.Server.Tests;

public sealed class MethodTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Map_LambdaOfTheReadme_AnswersWithItsParameters(string driver)
    {
        await using var server = new TestServer();
        server.Server.Map("mining.hashes", (StratumSession session, int any, string[] list) => new { any, list });
        await using var peer = await server.ConnectAsync(driver);
        Assert.Equal("""{"any":5,"list":["a","b"]}""",
            (await peer.CallAsync("mining.hashes", """[5,["a","b"]]""")).GetProperty("result").GetRawText());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[5]")]
    [InlineData("""["five",[]]""")]
    [InlineData("[5,5]")]
    [InlineData("[5,[5]]")]
    [InlineData("{}")]
    [InlineData("7")]
    public async Task Map_WrongParameters_20AndTheSessionGoesOn(string parameters)
    {
        await using var server = new TestServer();
        server.Server.Map("mining.hashes", (StratumSession session, int any, string[] list) => new { any, list });
        await using var peer = await server.ConnectAsync();
        var answer = await peer.CallAsync("mining.hashes", parameters);
        Answers.IsError(20, answer);
        Assert.Contains("mining.hashes", answer.GetProperty("error")[1].GetString());
        Assert.Equal("pong", (await peer.CallAsync("mining.ping")).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Map_EveryKindOfResult_Answered()
    {
        await using var server = new TestServer { ExpectFailures = true };
        var map = server.Server;
        map.Map("task", async (int a) =>
        {
            await Task.Yield();
            return a + 1;
        });
        map.Map("valuetask", async ValueTask<string> (string a) =>
        {
            await Task.Yield();
            return a + "!";
        });
        map.Map("plaintask", async () => await Task.Yield());
        map.Map("plainvaluetask", ValueTask () => default);
        map.Map("void", () => { });
        map.Map("default", (int a, int b = 7) => a + b);
        map.Map("null", string? () => null);
        map.Map("refuse", int () => throw new StratumException(-32, "no \"way\"", """{"why":[1]}"""));
        map.Map("refuselater", async Task<int> () =>
        {
            await Task.Yield();
            throw new StratumException(77, "later");
        });
        map.Map("broken", int () => throw new InvalidOperationException("secret"));
        await using var peer = await server.ConnectAsync();
        foreach (var (method, parameters, result) in new[]
        {
            ("task", "[1]", "2"), ("valuetask", "[\"a\"]", "\"a!\""), ("plaintask", "[]", "null"), ("plainvaluetask", "[]", "null"),
            ("void", "[]", "null"), ("default", "[1]", "8"), ("default", "[1,2]", "3"), ("null", "[]", "null"),
        })
        {
            var answer = await peer.CallAsync(method, parameters);
            Assert.Equal((method, result, "null"), (method, answer.GetProperty("result").GetRawText(), answer.GetProperty("error").GetRawText()));
        }
        Assert.Equal("""[-32,"no \"way\"",{"why":[1]}]""", (await peer.CallAsync("refuse")).GetProperty("error").GetRawText());
        Assert.Equal("""[77,"later",null]""", (await peer.CallAsync("refuselater")).GetProperty("error").GetRawText());
        var broken = await peer.CallAsync("broken");
        Answers.IsError(20, broken);
        Assert.DoesNotContain("secret", broken.ToString());
        Assert.Single(server.Log.Lines, line => line.Id == 105);
    }

    [Fact]
    public async Task Map_WithTypeInfo_ConvertsWithoutReflection()
    {
        await using var server = new TestServer();
        server.Server.Map("sum", (StratumSession session, int[] numbers) => new ValueTask<long>(numbers.Sum()),
            NumbersContext.Default.Int32Array, NumbersContext.Default.Int64);
        server.Server.Map("count", (StratumSession session, int[] numbers) => numbers.LongLength,
            NumbersContext.Default.Int32Array, NumbersContext.Default.Int64);
        server.Server.Map("last", async (StratumSession session, int[] numbers) =>
        {
            await Task.Yield();
            return (long)numbers[^1];
        }, NumbersContext.Default.Int32Array, NumbersContext.Default.Int64);
        await using var peer = await server.ConnectAsync();
        Assert.Equal(6, (await peer.CallAsync("sum", "[1,2,3]")).GetProperty("result").GetInt32());
        Assert.Equal(3, (await peer.CallAsync("count", "[1,2,3]")).GetProperty("result").GetInt32());
        Assert.Equal(9, (await peer.CallAsync("last", "[1,9]")).GetProperty("result").GetInt32());
        Answers.IsError(20, await peer.CallAsync("sum", "[1,\"2\"]"));
    }

    [Fact]
    public async Task Map_Twice_Throws()
    {
        await using var server = new TestServer();
        server.Server.Map("mine", () => 1);
        Assert.Throws<InvalidOperationException>(() => server.Server.Map("mine", () => 2));
        Assert.Throws<InvalidOperationException>(() => server.Server.Map("mining.submit", () => 2));
    }

    [Fact]
    public async Task Map_SlowMethodThenQuickOnes_AnsweredInTheirOrder()
    {
        await using var server = new TestServer();
        var release = new TaskCompletionSource<int>();
        server.Server.Map("slow", () => release.Task);
        await using var peer = await server.ConnectAsync();
        await peer.SendRawAsync(Encoding.UTF8.GetBytes("""
            {"id":1,"method":"slow"}
            {"id":2,"method":"mining.ping"}
            {"id":3,"method":"nothing"}

            """));
        release.SetResult(5);
        Assert.Equal("""{"id":1,"result":5,"error":null}""", await peer.ReadLineAsync());
        Assert.Equal("""{"id":2,"result":"pong","error":null}""", await peer.ReadLineAsync());
        Assert.StartsWith("""{"id":3,"result":null""", await peer.ReadLineAsync());
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task OnRequest_SeesEveryRequestAndDecides(string driver)
    {
        await using var server = new TestServer();
        var seen = new List<string>();
        server.Server.OnRequest((session, request) =>
        {
            seen.Add($"{request.Method} {request.Parameters} {Encoding.UTF8.GetString(request.IdUtf8)}");
            return request.Method switch
            {
                "answer" => RequestOutcome.Answer("{\"a\":\n[1]}"),
                "reject" => RequestOutcome.Reject(-99, "no\nway", "[\"data\u2028\"]"),
                "mining.submit" => RequestOutcome.Reject(29, "not today"),
                _ => RequestOutcome.Pass,
            };
        });
        await using var peer = await server.LoginAsync(driver);
        Assert.Equal("""{"a": [1]}""", (await peer.CallAsync("answer", """{"b":1}""")).GetProperty("result").GetRawText());
        Assert.Equal("[-99,\"no\\nway\",[\"data\u2028\"]]", (await peer.CallAsync("reject")).GetProperty("error").GetRawText());
        Answers.IsError(29, await peer.SubmitAsync(peer.Solve()));
        Answers.IsError(-3, await peer.CallAsync("other"));
        Assert.Equal(6, seen.Count);
        Assert.Equal("answer {\"b\":1} 1003", seen[2]);
        Assert.Throws<InvalidOperationException>(() => server.Server.OnRequest((_, _) => RequestOutcome.Pass));
    }

    [Fact]
    public async Task OnRequest_Throws_20OrWhatItSays()
    {
        await using var server = new TestServer { ExpectFailures = true };
        server.Server.OnRequest((_, request) => request.Method == "a"
            ? throw new StratumException(5, "five")
            : throw new InvalidOperationException("broken"));
        await using var peer = await server.ConnectAsync();
        Answers.IsError(5, await peer.CallAsync("a"));
        Answers.IsError(20, await peer.CallAsync("b"));
    }

    [Fact]
    public void RequestOutcome_NotJson_Refused()
    {
        Assert.Throws<ArgumentException>(() => RequestOutcome.Answer("{"));
        Assert.Throws<ArgumentException>(() => RequestOutcome.Reject(1, "x", "nope"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetTransactions_ByOptionOncePerJob(bool option)
    {
        await using var server = new TestServer(options => options.AnswerTransactions = option);
        await using var peer = await server.LoginAsync();
        var list = option ? """["0707","0808","0909"]""" : "[]";
        Assert.Equal(list, await Ask(peer, peer.Job!.JobId));
        Assert.Equal("[]", await Ask(peer, peer.Job!.JobId));
        Assert.Equal("[]", await Ask(peer, "unknown"));
        await server.BroadcastAsync();
        await peer.DrainAsync();
        var earlier = peer.Notifications.Where(line => line.Method() == "mining.notify").Select(line => NotifyLine.Read(line).JobId).First();
        Assert.Equal(list, await Ask(peer, peer.Job!.JobId));
        Assert.Equal("[]", await Ask(peer, earlier));
        Assert.Equal("[]", (await peer.CallAsync("mining.get_transactions", "[5]")).GetProperty("result").GetRawText());

        static async Task<string> Ask(TestPeer peer, string job) =>
            (await peer.CallAsync("mining.get_transactions", $"[\"{job}\"]")).GetProperty("result").GetRawText();
    }

    [Fact]
    public async Task SendAsync_RawLinesAndNotifications_GoOutAsTheyAre()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var session = Assert.Single(server.Server.Sessions);
        await session.SendAsync("""{"any": "line"}""");
        await session.SendAsync("with its end\r\n");
        Assert.Equal("""{"any": "line"}""", await peer.ReadLineAsync());
        Assert.Equal("with its end", await peer.ReadLineAsync());
        await session.NotifyAsync("my.\"method\"+é", "[1,\n\"a\u2028\u0085\"]");
        Assert.Equal("my.\"method\"+é|[1, \"a\u2028\u0085\"]", Text(await peer.ReadAsync()));
        await session.ReconnectAsync("other.example", 3334, 5);
        Assert.Equal("""client.reconnect|["other.example",3334,5]""", Text(await peer.ReadAsync()));
        await session.ShowMessageAsync("hi \"you\"\n");
        Assert.Equal("client.show_message|[\"hi \\\"you\\\"\\n\"]", Text(await peer.ReadAsync()));
        foreach (var bad in new[] { "", " \r\n", "a\nb", "a\0b" })
            await Assert.ThrowsAsync<ArgumentException>(async () => await session.SendAsync(bad));
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.NotifyAsync("x", "[1"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.NotifyAsync(" "));
        Assert.Equal(1, await server.Server.BroadcastAsync("all", "[2]"));
        Assert.Equal("all|[2]", Text(await peer.ReadAsync()));

        static string Text(JsonElement message) => $"{message.Method()}|{message.GetProperty("params").GetRawText()}";
    }
}
