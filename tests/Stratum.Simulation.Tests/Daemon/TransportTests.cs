using System.Net;
using System.Text.Json;

namespace Stratum.Simulation.Tests;

public class TransportTests
{
    private const string Count = """{"id":1,"method":"getblockcount","params":[]}""";

    [Fact]
    public void Options_Default_AreThoseOfTheDocs()
    {
        var options = new SimulatedDaemonOptions();
        Assert.Equal(0, options.Port);
        Assert.Null(options.User);
        Assert.Null(options.Password);
        Assert.Equal(TimeSpan.Zero, options.MempoolPollDelay);
        Assert.False(options.GenerateWithoutWork);
        Assert.Equal(8, options.Peers);
        Assert.Equal(TimeSpan.Zero, options.ClockOffset);
        Assert.Null(options.WalletAddresses);
        Assert.False(options.WalletDisabled);
        Assert.Equal(256 << 20, new SimulatedFault(SimulatedFaultKind.TooLarge).Bytes);
        string text = new SimulatedDaemonOptions { Password = "secret" }.ToString();
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Cookie_IsPrivateAndGoneAfterwards()
    {
        var daemon = await DaemonFixture.StartAsync();
        string file = daemon.Daemon.CookieFile!;
        Assert.StartsWith("__cookie__:", File.ReadAllText(file), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        }

        await daemon.DisposeAsync();
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    [Fact]
    public async Task Request_WrongOrNoPassword_401AndAChallenge()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.LogIn("__cookie__:guess");
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await daemon.PostAsync(Count));
        daemon.Http.DefaultRequestHeaders.Authorization = null;
        using var response = await daemon.Http.PostAsync(
            daemon.Daemon.Url, new StringContent(Count), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("jsonrpc", response.Headers.WwwAuthenticate.Single().Parameter!.Split('"')[1]);
        daemon.LogIn();
        Assert.Equal(HttpStatusCode.OK, (await daemon.PostAsync(Count)).Status);
    }

    [Fact]
    public async Task Start_UserAndPassword_NoCookie()
    {
        await using var chain = await DaemonFixture.StartAsync();
        await using var daemon = new SimulatedDaemon(chain.Chain, new() { User = "me", Password = "p:w" });
        Assert.Null(daemon.CookieFile);
        await daemon.StartAsync(TestContext.Current.CancellationToken);
        chain.LogIn("me:p:w");
        using var response = await chain.Http.PostAsync(
            daemon.Url, new StringContent(Count), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Throws<ArgumentException>(() => new SimulatedDaemon(chain.Chain, new() { User = "me" }));
    }

    [Fact]
    public async Task Start_AfterStop_SamePortNewCookie()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        int port = daemon.Daemon.Port;
        string cookie = File.ReadAllText(daemon.Daemon.CookieFile!);
        await daemon.Daemon.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(File.Exists(daemon.Daemon.CookieFile));
        await Assert.ThrowsAsync<HttpRequestException>(() => daemon.PostAsync(Count));

        await daemon.Daemon.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(port, daemon.Daemon.Port);
        Assert.NotEqual(cookie, File.ReadAllText(daemon.Daemon.CookieFile!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await daemon.PostAsync(Count)).Status);
        daemon.LogIn();
        Assert.Equal(HttpStatusCode.OK, (await daemon.PostAsync(Count)).Status);
    }

    [Fact]
    public async Task Start_PortTaken_IOException()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        await using var second = new SimulatedDaemon(daemon.Chain, new() { Port = daemon.Daemon.Port });
        await Assert.ThrowsAnyAsync<IOException>(() => second.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Request_OtherPathOrVerb_404Or405()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await daemon.PostAsync(Count, "rest/chaininfo.json")).Status);
        Assert.Equal(HttpStatusCode.OK, (await daemon.PostAsync(Count, "wallet/main")).Status);
        using var response = await daemon.Http.GetAsync(daemon.Daemon.Url, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("JSONRPC server handles only POST requests",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"id":1,"method":"nonsense"}""", 404, -32601)]
    [InlineData("""{"id":1}""", 400, -32600)]
    [InlineData("""{"id":1,"method":7}""", 400, -32600)]
    [InlineData("""{"id":1,"method":"getblockcount","params":"x"}""", 400, -32600)]
    [InlineData("""{"id":1,"method":"getblockcount","params":{"no":1}}""", 500, -8)]
    [InlineData("""{"id":1,"method":"getblockcount","params":[1]}""", 500, -1)]
    [InlineData("""{"id":1,"method":"submitblock"}""", 500, -1)]
    [InlineData("""{"id":1,"method":"submitblock","params":[5]}""", 500, -1)]
    [InlineData("""{"id":1,""", 500, -32700)]
    [InlineData("7", 500, -32700)]
    [InlineData("", 500, -32700)]
    public async Task Request_Wrong_StatusAndCodeOfBitcoind(string request, int status, int code)
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var (actual, body) = await daemon.PostAsync(request);
        Assert.Equal(status, (int)actual);
        var answer = JsonDocument.Parse(body).RootElement;
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("result").ValueKind);
        Assert.EndsWith("}\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"a","method":"getblockcount"}""", """{"result":0,"error":null,"id":"a"}""")]
    [InlineData("""{"method":"getblockcount","params":null}""", """{"result":0,"error":null,"id":null}""")]
    [InlineData("""{"id":1,"method":"getblockhash","params":{"height":-1}}""",
        """{"result":null,"error":{"code":-8,"message":"Block height out of range"},"id":1}""")]
    [InlineData("""{"jsonrpc":"1.0","id":[1],"method":"getblockcount"}""", """{"result":0,"error":null,"id":[1]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"getblockcount"}""", """{"jsonrpc":"2.0","result":0,"id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x"}""",
        """{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}""")]
    [InlineData("""[{"id":1,"method":"getblockcount"},{"id":2,"method":"x"},3]""",
        """[{"result":0,"error":null,"id":1},{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":2},{"result":null,"error":{"code":-32600,"message":"Invalid Request object"},"id":null}]""")]
    [InlineData("""[]""", """[]""")]
    public async Task Request_SingleOrBatch_AnswersInTheCallersStyle(string request, string answer)
    {
        await using var daemon = await DaemonFixture.StartAsync();
        Assert.Equal(answer + "\n", (await daemon.PostAsync(request)).Body);
    }

    [Fact]
    public async Task Request_Version2WithoutId_204()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var (status, body) = await daemon.PostAsync("""{"jsonrpc":"2.0","method":"getblockcount"}""");
        Assert.Equal((HttpStatusCode.NoContent, ""), (status, body));
    }

    [Fact]
    public async Task Mood_EachOne_ErrorOfARealDaemon()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        daemon.Daemon.Mood = SimulatedDaemonMood.WarmingUp;
        Assert.Equal(-28, await daemon.ErrorAsync("getblockcount"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await daemon.PostAsync(Count)).Status);

        daemon.Daemon.Mood = SimulatedDaemonMood.Syncing;
        Assert.Equal(-10, await daemon.ErrorAsync("getblocktemplate"));
        Assert.True((await daemon.CallAsync("getblockchaininfo")).GetProperty("initialblockdownload").GetBoolean());

        daemon.Daemon.Mood = SimulatedDaemonMood.NoPeers;
        Assert.Equal(-9, await daemon.ErrorAsync("getblocktemplate"));
        Assert.Equal(0, (await daemon.CallAsync("getconnectioncount")).GetInt32());

        daemon.Daemon.Mood = SimulatedDaemonMood.Overloaded;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Work queue depth exceeded"), await daemon.PostAsync(Count));

        daemon.Daemon.Mood = SimulatedDaemonMood.Hanging;
        var hanging = daemon.CallAsync("getblockcount");
        daemon.Daemon.Mood = SimulatedDaemonMood.Normal;
        Assert.Equal(0, (await hanging).GetInt32());
        Assert.Equal(-8, await daemon.ErrorAsync("getblocktemplate"));
    }

    [Fact]
    public async Task Stop_CallsThatWait_AreEnded()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var poll = daemon.TemplateAsync((await daemon.TemplateAsync()).GetProperty("longpollid").GetString());
        daemon.Daemon.Mood = SimulatedDaemonMood.Hanging;
        var hanging = daemon.CallAsync("getblockcount");
        await daemon.Daemon.StopAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => poll);
        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
    }

    [Fact]
    public async Task Request_HundredAtOnce_AllAnswered()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        string[] calls = ["getblockcount", "getblockchaininfo", "getmininginfo", "getbestblockhash"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            i % 5 == 4 ? daemon.TemplateAsync() : daemon.CallAsync(calls[i % 5])));
        Assert.Equal(100, answers.Length);
        Assert.All(answers, answer => Assert.NotEqual(JsonValueKind.Undefined, answer.ValueKind));
    }

    [Fact]
    public async Task SubmitBlock_HundredAtOnceForOneHeight_OneWins()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        string[] blocks = [.. Enumerable.Range(0, 100).Select(i =>
            Convert.ToHexStringLower(BlockDraft.Of(daemon.Chain, r => r with { Tag = $"/{i}/" }).Mine()))];
        var verdicts = await Task.WhenAll(blocks.Select(block => daemon.CallAsync("submitblock", block)));
        Assert.Single(verdicts, verdict => verdict.ValueKind == JsonValueKind.Null);
        Assert.Equal(99, verdicts.Count(v => v.ValueKind == JsonValueKind.String && v.GetString() == "inconclusive"));
        Assert.Equal(1, daemon.Chain.Height);
    }
}
