using System.Text.Json;

namespace Stratum.Server.Tests;

public sealed class HandshakeTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Login_JobThere_AnswersThenDifficultyThenCleanJob(string driver)
    {
        await using var server = new TestServer();
        await server.BroadcastAsync(tip: 1);
        await server.BroadcastAsync(tip: 1);
        await using var peer = await server.ConnectAsync(driver);
        Assert.Equal("mining.notify", (await peer.SubscribeAsync()).GetProperty("result")[0][1][0].GetString());
        Assert.Empty(await peer.DrainAsync());
        Answers.IsTrue(await peer.AuthorizeAsync());
        var told = await peer.DrainAsync();
        Assert.Equal(["mining.set_difficulty", "mining.notify"], told.Methods());
        Assert.Equal("0.000000001", told[0].GetProperty("params")[0].GetRawText());
        Assert.True(peer.Job!.Clean);
        Assert.All(told, message => Assert.Equal(JsonValueKind.Null, message.GetProperty("id").ValueKind));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Login_NoJobYet_FirstBroadcastCarriesDifficulty(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.ConnectAsync(driver);
        await peer.SubscribeAsync();
        await peer.AuthorizeAsync();
        Assert.Empty(await peer.DrainAsync());
        await server.BroadcastAsync();
        await peer.WaitForAsync("mining.notify");
        Assert.Equal(["mining.set_difficulty", "mining.notify"], peer.Notifications.Methods());
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Authorize_BeforeSubscribe_WorkOnlyAfterBoth(string driver)
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync(driver);
        Answers.IsTrue(await peer.AuthorizeAsync());
        Assert.Empty(await peer.DrainAsync());
        await peer.SubscribeAsync();
        Assert.Equal(["mining.set_difficulty", "mining.notify"], (await peer.DrainAsync()).Methods());
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Subscribe_Twice_SameAnswer(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.ConnectAsync(driver);
        var first = await peer.SubscribeAsync();
        var second = await peer.SubscribeAsync();
        Assert.Equal(first.GetProperty("result").GetRawText(), second.GetProperty("result").GetRawText());
        Assert.Equal(8, peer.Extranonce2Size);
        Assert.Equal(8, peer.Extranonce1.Length);
    }

    [Fact]
    public async Task Subscribe_TwoSessions_DifferentExtranonce1()
    {
        await using var server = new TestServer();
        await using var one = await server.ConnectAsync();
        await using var two = await server.ConnectAsync();
        await one.SubscribeAsync();
        await two.SubscribeAsync();
        Assert.NotEqual(one.Extranonce1, two.Extranonce1);
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Authorize_Refused_NoWork(string driver)
    {
        await using var server = new TestServer();
        server.Server.OnAuthorize((_, request) => request.Password == "good");
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync(driver);
        await peer.SubscribeAsync();
        Answers.IsError(24, await peer.AuthorizeAsync(password: "bad"));
        await server.BroadcastAsync();
        await server.Server.BroadcastAsync("client.show_message", """["hello"]""");
        Assert.Empty(await peer.DrainAsync());
        Answers.IsTrue(await peer.AuthorizeAsync(password: "good"));
        Assert.Equal(["mining.set_difficulty", "mining.notify"], (await peer.DrainAsync()).Methods());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("1.50")]
    [InlineData("1e5")]
    [InlineData("18446744073709551616")]
    [InlineData("\"text\"")]
    [InlineData("\"\\u0041\\n\"")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[1, 2]")]
    [InlineData("{\"a\": [null]}")]
    [InlineData("\"\"")]
    public async Task Id_AnyType_EchoedAsItCame(string id)
    {
        await using var server = new TestServer();
        foreach (var driver in Drivers.All)
        {
            await using var peer = await server.ConnectAsync(driver);
            await peer.SendAsync($$"""{"method":"mining.ping","id":{{id}},"params":[]}""");
            Assert.Equal($$"""{"id":{{id}},"result":"pong","error":null}""", await peer.ReadLineAsync());
            await peer.SendAsync($$"""{"method":"mining.nothing","id":{{id}},"params":[]}""");
            Assert.Equal($$"""{"id":{{id}},"result":null,"error":[-3,"Method not found",null]}""", await peer.ReadLineAsync());
        }
    }

    [Theory]
    [InlineData("\"id\":null,")]
    [InlineData("")]
    public async Task Id_NullOrAbsent_ProcessedButNeverAnswered(string id)
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        foreach (var driver in Drivers.All)
        {
            await using var peer = await server.ConnectAsync(driver);
            foreach (var (method, parameters) in new[]
            {
                ("mining.ping", "[]"), ("mining.nothing", "[]"), ("mining.subscribe", "[]"), ("mining.submit", "[]"),
                ("mining.configure", """[["version-rolling"],{}]"""), ("mining.suggest_difficulty", "[5]"),
                ("mining.suggest_difficulty", "[]"), ("mining.get_transactions", "[]"), ("mining.extranonce.subscribe", "[]"),
                ("mining.authorize", """["w","x"]"""), ("mining.authorize", "[]"),
            })
                await peer.SendAsync($$"""{{{id}}"method":"{{method}}","params":{{parameters}}}""");
            Assert.Equal(["mining.set_difficulty", "mining.notify"], (await peer.DrainAsync()).Methods());
            Assert.Equal(1, peer.Difficulty); // wish 5, the network's is 1
        }
    }

    [Theory]
    [InlineData("""{"id":1,"result":true,"error":null}""")]
    [InlineData("""{"id":1,"error":[20,"no",null]}""")]
    [InlineData("""{"id":1,"result":"pong","error":null}""")]
    [InlineData("""{"id":7,"method":"pong","params":[]}""")]
    public async Task Answer_FromMiner_NeverAnswered(string line)
    {
        await using var server = new TestServer();
        var errors = 0;
        server.Server.ProtocolError += (_, _) => errors++;
        await using var peer = await server.ConnectAsync();
        await peer.SendAsync(line);
        Assert.Equal("pong", (await peer.CallAsync("mining.ping")).GetProperty("result").GetString());
        Assert.Equal(0, errors);
    }
}
