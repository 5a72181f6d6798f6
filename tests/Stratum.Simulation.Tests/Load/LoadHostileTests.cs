using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stratum.Client;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Servers that do not what they should: the run ends, in bounded time, and says what it was.</summary>
public sealed class LoadHostileTests
{
    public static TheoryData<string, bool> Servers => new(
        from kind in (string[])["garbage", "closes", "silent", "closes after subscribe", "silent after subscribe", "no job", "endless line"]
        from streams in (bool[])[false, true]
        select (kind, streams));

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task RunAsync_NoSessionBegins_EndsAndSaysWhy(string kind, bool streams)
    {
        var (serve, reason) = Behaviour(kind);
        await using var server = new FakeServer(serve);

        // Where nothing is said at all, a short wait says as much as a long one.
        var login = TimeSpan.FromSeconds(kind == "silent" ? 0.3 : 2);
        LoadReport report = await RunAsync(Options(server.Url, streams, 3) with { LoginTimeout = login });

        Assert.False(report.IsSuccess);
        Assert.Contains(report.Problems, problem => problem.Contains(reason, StringComparison.Ordinal));
        Assert.InRange(report.LostConnections, 1, 3);
        Assert.Equal((0, 0, TimeSpan.Zero), (report.Logins, report.Operations, report.Measured));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_NobodyListens_EndsAndSaysSo(bool streams)
    {
        foreach (LoadMode mode in (LoadMode[])[LoadMode.Submit, LoadMode.Connect])
        {
            LoadReport report = await RunAsync(Options(new StratumUrl("127.0.0.1", FreePort.Next()), streams, 3, mode));
            Assert.Contains(report.Problems, problem => problem.StartsWith("Cannot connect", StringComparison.Ordinal));
            Assert.True(report.LostConnections >= 1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AcceptsNever_GivesUpAfterTheLoginTimeout(bool streams)
    {
        await using var server = new FakeServer(null);
        LoadReport report = await RunAsync(Options(server.Url, streams, 3) with { LoginTimeout = TimeSpan.FromSeconds(0.3) });
        Assert.Contains(report.Problems, problem => problem.Contains("did not answer mining.subscribe within 0.3 s", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_NeverAnswersShares_TheyAreLost(bool streams)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.ForeverAsync();
        });
        LoadReport report = await RunAsync(Options(server.Url, streams, 3) with
        {
            Duration = TimeSpan.FromMilliseconds(200), DrainTimeout = TimeSpan.FromMilliseconds(200),
        });
        Assert.Equal((3, 0, 12), (report.Logins, report.LostConnections, report.LostReplies));
        Assert.Equal("12 shares were never answered.", Assert.Single(report.Problems));
        Assert.True(report.Measured > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AnswersByteByByte_IsServed(bool streams)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync(ByteByByteAsync);
            await peer.AcceptAsync(int.MaxValue, ByteByByteAsync);

            async Task ByteByByteAsync(string text)
            {
                foreach (char one in text)
                {
                    await peer.SendAsync(one.ToString());
                }
            }
        });
        LoadReport report = await LoadRuns.UntilAsync(Options(server.Url, streams, 3), run => run.Course.Tally.All.Accepted >= 10);
        Assert.Empty(report.Problems);
        Assert.Equal(report.AllAnswers.Sum, report.AllAnswers.Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_OneSessionIsClosed_TheOthersGoOnAndItIsTold(bool streams)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.AcceptAsync(peer.Number == 1 ? 10 : int.MaxValue);
        });
        LoadReport report = await LoadRuns.UntilAsync(Options(server.Url, streams, 3), run => run.Engine.LostConnections > 0);
        Assert.Equal((3, 1), (report.Logins, report.LostConnections));
        Assert.InRange(report.LostReplies, 0, 4);
        Assert.True(report.AllAnswers.Accepted >= 10);
        Assert.False(report.IsSuccess);
        Assert.Contains(report.Problems, problem => problem.StartsWith("The ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AllSessionsAreClosed_EndsBeforeItsTime(bool streams)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.AcceptAsync(10);
        });
        LoadReport report = await RunAsync(Options(server.Url, streams, 3));
        Assert.Equal(3, report.LostConnections);
        Assert.Equal(30, report.AllAnswers.Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_NeverReadsAtAHighRate_IsBounded(bool streams)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.ForeverAsync();
        });
        LoadReport report = await RunAsync(Options(server.Url, streams, 2) with { Window = null, Rate = 1_000_000 });
        Assert.Equal((2, 2L * Waiting.Most), (report.LostConnections, report.LostReplies));
        Assert.Contains(report.Problems, problem => problem.Contains("unanswered", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AnswersAllSharesButOne_IsBounded(bool streams)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.ReadAsync();
            await peer.AcceptAsync(int.MaxValue);
        });
        LoadReport report = await RunAsync(Options(server.Url, streams, 2));
        Assert.Equal((2, 2), (report.Logins, report.LostConnections));
        // Each session's oldest, and what was on its way when there was no room any more.
        Assert.InRange(report.LostReplies, 2, 8);
        Assert.Contains(report.Problems, problem => problem.Contains("unanswered", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_PingsWithoutReading_IsBounded(bool streams)
    {
        string pings = string.Concat(Enumerable.Repeat($$"""{"id":"{{new string('p', 60)}}","method":"mining.ping","params":[]}""" + "\n", 1000));
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            while (true)
            {
                await peer.SendAsync(pings);
            }
        });
        LoadReport report = await RunAsync(Options(server.Url, streams, 1, LoadMode.Idle) with { Duration = TimeSpan.FromSeconds(30) });
        Assert.Equal((1, 1), (report.Logins, report.LostConnections));
        Assert.Equal("The server does not read what it is sent.", Assert.Single(report.Problems));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ReadsLittleAndLate_GetsAllOfIt(bool streams)
    {
        // Their answers are less than what may wait.
        const int Pings = 38_000;
        string[] answers = [];
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            for (int i = 0; i < Pings; i += 1000)
            {
                await peer.SendAsync(string.Concat(Enumerable.Range(i, 1000).Select(id =>
                    $$"""{"id":"{{id:D60}}","method":"mining.ping","params":[]}""" + "\n")));
            }

            var read = new List<string>();
            while (read.Count < Pings && await peer.ReadAsync() is { } line)
            {
                read.Add(line);
            }

            answers = [.. read];
            await peer.ForeverAsync();
        });
        LoadReport report = await LoadRuns.UntilAsync(Options(server.Url, streams, 1, LoadMode.Idle), _ => answers.Length > 0);
        Assert.Empty(report.Problems);
        Assert.Equal(Enumerable.Range(0, Pings).Select(id => $$"""{"id":"{{id:D60}}","result":"pong","error":null}"""), answers);
    }

    [Fact]
    public async Task RunAsync_LoginsThatTakeTooLongTogether_EndsAndSaysSo()
    {
        var time = new ManualTime();
        await using var server = new FakeServer(async peer =>
        {
            if (peer.Number < 2)
            {
                await peer.LoginAsync();
            }

            await peer.ForeverAsync();
        });
        var run = new LoadRun(Options(server.Url, streams: false, 3) with { LoginTimeout = TimeSpan.FromSeconds(61) }, time);
        Task<LoadReport> end = run.RunAsync();
        await LoadRuns.UntilAsync(run, one => one.Engine.Logins == 2, end);
        await LoadRuns.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return end.IsCompleted;
        });

        LoadReport report = await end;
        Assert.Equal((2, 0), (report.Logins, report.LostConnections));
        Assert.StartsWith("Only 2 of 3 sessions were logged in within 61 s", Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_GeneratorIsBehindAtTheEnd_SendsWhatWasDueOrTellsOfIt(bool hasTime)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.AcceptAsync(int.MaxValue);
        });
        var run = new LoadRun(Options(server.Url, streams: false, 20) with
        {
            Window = null, Rate = 100_000, DrainTimeout = hasTime ? LoadRuns.Patience : TimeSpan.Zero,
        });
        using var stop = new CancellationTokenSource();
        Task<LoadReport> end = run.RunAsync(stop.Token);
        await LoadRuns.UntilAsync(run, one => one.Course.Tally.IsMeasuring, end);
        HoldUp(run, TimeSpan.FromMilliseconds(200), stop);

        LoadReport report = await end.WaitAsync(LoadRuns.Patience);
        Assert.Equal(0, report.LostConnections);
        Assert.Equal(hasTime, report.UnsentShares == 0);
        if (hasTime)
        {
            Assert.Empty(report.Problems);
            Assert.True(report.AllAnswers.Sum >= 20_000);
            Assert.True(report.Latency.Max >= 150_000);
        }
        else
        {
            Assert.Contains($"The generator was behind: {report.UnsentShares} shares that were due were not sent.", report.Problems);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_JobsWithoutEnd_OthersAreServedAndItEnds(bool streams)
    {
        string jobs = string.Concat(Enumerable.Range(0, 1000).Select(i => FakePeer.Job.Replace("\"j\"", $"\"j{i}\"", StringComparison.Ordinal) + "\n"));
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            while (peer.Number == 0)
            {
                await peer.SendAsync(jobs);
            }

            await peer.AcceptAsync(int.MaxValue);
        });
        LoadReport report = await LoadRuns.UntilAsync(
            Options(server.Url, streams, 3) with { DrainTimeout = TimeSpan.Zero },
            run => run.Course.Tally.JobsReceived > 100_000 && run.Course.Tally.All.Accepted > 1000);
        Assert.Equal((3, 0), (report.Logins, report.LostConnections));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_IPv6_IsServed(bool streams)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "IPv6");
        await using var server = new FakeServer(async peer =>
        {
            await peer.LoginAsync();
            await peer.AcceptAsync(int.MaxValue);
        }, IPAddress.IPv6Loopback);
        LoadReport report = await LoadRuns.UntilAsync(Options(server.Url, streams, 3), run => run.Course.Tally.All.Accepted > 100);
        Assert.Empty(report.Problems);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_CyclesAgainstAServerThatDies_EndsBeforeItsTime(bool streams)
    {
        int served = 0;
        await using var server = new FakeServer(async peer =>
        {
            if (Interlocked.Increment(ref served) <= 20)
            {
                await peer.LoginAsync();
                await peer.ReadAsync();
            }
        });
        LoadReport report = await RunAsync(Options(server.Url, streams, 3, LoadMode.Connect));
        // Two of the 20 may be on their way when the failures of the third are enough.
        Assert.InRange(report.Logins, 18, 20);
        Assert.True(report.LostConnections >= 100);
    }

    // Nothing is sent while the gate is held, and the run is told to end meanwhile.
    private static void HoldUp(LoadRun run, TimeSpan duration, CancellationTokenSource stop)
    {
        lock (run.Engine.Gate)
        {
            long began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                Thread.Yield();
            }

            stop.Cancel();
        }
    }

    private static (Func<FakePeer, Task> Serve, string Reason) Behaviour(string kind) => kind switch
    {
        "garbage" => (async peer =>
        {
            await peer.SendAsync("SSH-2.0-OpenSSH_9.2p1\r\n");
            await peer.ForeverAsync();
        }, "no message"),
        "closes" => (_ => Task.CompletedTask, "The "),
        "silent" => (peer => peer.ForeverAsync(), "did not answer mining.subscribe within 0.3 s"),
        "closes after subscribe" => (async peer =>
        {
            await peer.ReadAsync();
            await peer.SendAsync("""{"id":1,"result":[[],"0a0b0c0d",4],"error":null}""" + "\n");
            await peer.ReadAsync();
        }, "closed the connection"),
        "silent after subscribe" => (async peer =>
        {
            await peer.ReadAsync();
            await peer.SendAsync("""{"id":1,"result":[[],"0a0b0c0d",4],"error":null}""" + "\n");
            await peer.ForeverAsync();
        }, "did not answer mining.authorize within 2 s"),
        "no job" => (async peer =>
        {
            await peer.LoginAsync(text => peer.SendAsync(text.Replace(FakePeer.Job + "\n", "", StringComparison.Ordinal)));
            await peer.ForeverAsync();
        }, "sent no job within 2 s"),
        _ => (async peer =>
        {
            while (true)
            {
                await peer.SendAsync(new string('x', 100_000));
            }
        }, "longer than"),
    };

    private static LoadOptions Options(StratumUrl url, bool streams, int connections, LoadMode mode = LoadMode.Submit) => new()
    {
        Url = url,
        Mode = mode,
        Connections = connections,
        Window = mode == LoadMode.Submit ? 4 : null,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromHours(1),
        LoginTimeout = LoadRuns.Patience,
        DrainTimeout = LoadRuns.Patience,
        AvoidsLoop = streams,
    };

    private static Task<LoadReport> RunAsync(LoadOptions options) => new LoadRun(options).RunAsync().WaitAsync(LoadRuns.Patience);
}
