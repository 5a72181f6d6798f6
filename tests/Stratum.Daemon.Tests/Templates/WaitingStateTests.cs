using System.Text;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Every way in which a daemon gives no work, and that work comes when it is over.</summary>
public sealed class WaitingStateTests
{
    [Fact]
    public async Task TemplatesAsync_AbsentThenPresent_WaitsAndDelivers()
    {
        int port = FreePort.Next();
        await using var reading = new TemplateReading(TemplateReading.Options(new Uri($"http://127.0.0.1:{port}/")));
        Assert.Equal(DaemonState.Unknown, reading.Daemon.Status.State);

        DaemonStatus absent = await reading.UntilAsync(DaemonState.Absent);
        await using var fake = new FakeDaemon(port);

        Assert.Equal(102, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Absent, DaemonState.Ready], reading.States);
        Assert.Contains($"127.0.0.1:{port} refused the connection", absent.Text);
        Assert.Contains("-rpcport", absent.Text);
        Assert.False(absent.IsReady);
        Assert.Contains("litecoin regtest", reading.Daemon.Status.Text);
    }

    [Fact]
    public async Task TemplatesAsync_WrongCookieThenRewritten_WaitsAndDelivers()
    {
        using var folder = new TempFolder();
        string cookie = folder.Write(".cookie", "__cookie__:of-yesterday");
        string good = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("__cookie__:of-today"));
        await using var fake = new FakeDaemon
        {
            Mood = r => r.Authorization == good ? null : RawHttpReply.Unauthorized,
        };
        await using var reading = new TemplateReading(
            TemplateReading.Options(fake.Url) with { CookieFile = cookie });

        DaemonStatus refused = await reading.UntilAsync(DaemonState.Unauthorized);
        folder.Write(".cookie", "__cookie__:of-today");

        Assert.Equal(102, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Unauthorized, DaemonState.Ready], reading.States);
        Assert.Contains(cookie, refused.Text);
        Assert.DoesNotContain("of-yesterday", refused.Text);
    }

    public static TheoryData<string, RawHttpReply, DaemonState, string> Moods => new()
    {
        { "getblockchaininfo", RawHttpReply.Error(-28, "Loading block index..."), DaemonState.WarmingUp, "Loading block" },
        { "getblocktemplate", RawHttpReply.Error(-28, "Rewinding blocks..."), DaemonState.WarmingUp, "Rewinding" },
        { "getblocktemplate", RawHttpReply.Error(-10, "Still downloading"), DaemonState.Syncing, "(-10), 53 % done: Still" },
        { "getblocktemplate", RawHttpReply.Error(-9, "Litecoin is not connected!"), DaemonState.NoPeers, "not connected" },
        { "getblocktemplate", RawHttpReply.Error(-8, "must be called with the rule"), DaemonState.Failing, "(-8): must be" },
        { "getblocktemplate", RawHttpReply.Error(-32601, "Method not found", 404), DaemonState.Failing, "-32601" },
        { "getblocktemplate", RawHttpReply.Result("{}"), DaemonState.Failing, "cannot be read" },
        { "getblocktemplate", RawHttpReply.Result("null"), DaemonState.Failing, "cannot be read" },
        { "getblockchaininfo", RawHttpReply.Result("17"), DaemonState.Failing, "cannot be read: getblockchaininfo: \"chain\"" },
        { "getblockchaininfo", RawHttpReply.Of(200, "<html>", "text/html"), DaemonState.Failing, "not JSON" },
        { "getblockchaininfo", RawHttpReply.Of(403, ""), DaemonState.Unauthorized, "-rpcallowip" },
        { "getblockchaininfo", RawHttpReply.Of(503, "Work queue depth exceeded"), DaemonState.Failing, "-rpcworkqueue" },
        { "getblocktemplate", RawHttpReply.Text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", close: true),
            DaemonState.Absent, "closed the connection" },
        { "getblocktemplate", RawHttpReply.Text("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{", close: false),
            DaemonState.Failing, "MaxAnswerBytes" },
        { "getblockchaininfo", RawHttpReply.Text("", close: true), DaemonState.Absent, "closed the connection" },
        { "getblockchaininfo", RawHttpReply.Text("\0\u0001\u0002\r\n\r\n", close: true), DaemonState.Failing, "HTTP" },
    };

    [Theory]
    [MemberData(nameof(Moods), DisableDiscoveryEnumeration = true)]
    public async Task TemplatesAsync_BadAnswer_SaysItOnceAndWaits(
        string method, RawHttpReply reply, DaemonState state, string words)
    {
        int left = 3;
        await using var fake = new FakeDaemon();
        fake.Mood = r => r.Method == method && left-- > 0 ? reply : null;
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url));

        Assert.Equal(102, (await reading.NextAsync()).Height);

        Assert.Equal([state, DaemonState.Ready], reading.States);
        Assert.Contains(words, reading.Statuses[0].Text);
        Assert.Contains($"127.0.0.1:{fake.Port}", reading.Statuses[0].Text);
        Assert.Same(reading.Statuses[^1], reading.Daemon.Status);
    }

    [Fact]
    public async Task TemplatesAsync_StaysBad_PausesDoubleUpToFiveSecondsAndBeginAnewAfterSuccess()
    {
        var time = new SteppedTime();
        bool bad = true;
        await using var fake = new FakeDaemon();
        fake.Mood = r => bad ? RawHttpReply.Error(-28, "Loading...") : null;
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, time));
        reading.Ask();

        double[] pauses = [0.25, 0.5, 1, 2, 4, 5, 5];
        for (int i = 0; i < pauses.Length; i++)
        {
            await time.BegunAsync(TimeSpan.FromSeconds(pauses[i]));
            Assert.Equal(i + 1, fake.Requests.Count(r => r.Method == "getblockchaininfo"));
            bad = i < pauses.Length - 1;
            await time.ElapseAsync(TimeSpan.FromSeconds(pauses[i]));
        }

        await reading.NextAsync();
        bad = true;
        fake.NewBlock();
        reading.Ask();
        await time.ElapseAsync(TimeSpan.FromMilliseconds(250));
        Assert.Equal([DaemonState.WarmingUp, DaemonState.Ready, DaemonState.WarmingUp], reading.States);
    }

    [Fact]
    public async Task StatusChanged_HandlerThrows_OthersStillHearAndWorkComes()
    {
        int heard = 0;
        await using var fake = new FakeDaemon();
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url));
        daemon.StatusChanged += _ => throw new InvalidOperationException("bad handler");
        daemon.StatusChanged += _ => heard++;

        await foreach (var template in daemon.TemplatesAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(102, template.Height);
            break;
        }

        Assert.Equal(1, heard);
    }
}
