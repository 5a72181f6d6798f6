using Stratum.Client;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Every mode against a real server, whose own counters have to agree.</summary>
public sealed class LoadRunTests
{
    // 43 hashes a share.
    private const double Easy = 0.00000001;

    [Theory]
    [InlineData(1, false)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    public async Task Submit_Window_EveryAnswerIsOneOfTheServers(int window, bool streams)
    {
        await using MinerPool pool = await StartAsync();
        LoadOptions options = Options(pool, LoadMode.Submit, streams) with { Window = window, Duration = TimeSpan.FromMilliseconds(200) };

        LoadReport report = await new LoadRun(options).RunAsync().WaitAsync(LoadRuns.Patience);

        Assert.Empty(report.Problems);
        await AssertAgreesAsync(report, pool);
        Assert.True(report.Operations > 0);
        Assert.Equal(report.Operations, report.Answers.Sum);
        Assert.Equal((5, 0, 0), (report.Logins, report.LostConnections, report.LostReplies));
        Assert.True(report.Latency.P50 > 0 && report.Latency.P50 <= report.Latency.P999 && report.Latency.P999 <= report.Latency.Max);
        Assert.Equal(report.PerSecond, report.Operations / report.Measured.TotalSeconds);
        Assert.True(report.GeneratorMicrosecondsPerOperation > 0);
        Assert.Null(report.Server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_Rate_EveryShareIsAnsweredAndTimed(bool streams)
    {
        await using MinerPool pool = await StartAsync();
        LoadOptions options = Options(pool, LoadMode.Submit, streams) with { Rate = 1000 };

        LoadReport report = await LoadRuns.UntilAsync(options, run => run.Course.Tally.Measured.Sum >= 100);

        Assert.Empty(report.Problems);
        await AssertAgreesAsync(report, pool);
        Assert.True(report.Operations >= 100);
        // Shares take turns: no session has more than one more than another.
        var bySession = pool.Accepted.Concat(pool.Rejected).GroupBy(share => share.Session.Id).Select(group => group.Count()).ToList();
        Assert.InRange(bySession.Max() - bySession.Min(), 0, 1);
    }

    [Fact]
    public async Task Submit_JobsReplaceEachOther_SharesFollow()
    {
        await using MinerPool pool = await StartAsync();
        LoadOptions options = Options(pool, LoadMode.Submit, streams: false);
        var run = new LoadRun(options);
        using var stop = new CancellationTokenSource();
        Task<LoadReport> end = run.RunAsync(stop.Token);
        for (int jobs = 1; jobs <= 3; jobs++)
        {
            await LoadRuns.UntilAsync(run, _ => pool.Accepted.Concat(pool.Rejected)
                .Where(share => share.Result.Verdict is ShareVerdict.Accepted or ShareVerdict.LowDifficulty)
                .Select(share => share.Share.JobId).Distinct().Count() >= jobs, end);
            await pool.NewBlockAsync();
        }

        await stop.CancelAsync();
        LoadReport report = await end.WaitAsync(LoadRuns.Patience);
        Assert.Empty(report.Problems);
        await AssertAgreesAsync(report, pool);
    }

    [Theory]
    [InlineData("sha256d", 2.4e-10, false)] // every hash is a share
    [InlineData("sha256d", Easy, false)]
    [InlineData("sha256d", Easy, true)]
    [InlineData("scrypt", 1.6e-5, false)]
    [InlineData("scrypt", 0.0001, false)]
    public async Task Solve_Shares_AreAllAccepted(string algorithm, double difficulty, bool streams)
    {
        await using MinerPool pool = await StartAsync(algorithm, difficulty);
        LoadOptions options = Options(pool, LoadMode.Solve, streams) with { Algorithm = algorithm, Window = 3 };

        LoadReport report = await LoadRuns.UntilAsync(options, run => run.Course.Tally.All.Accepted >= 200);

        Assert.Empty(report.Problems);
        Assert.Equal(report.AllAnswers.Sum, report.AllAnswers.Accepted);
        await AssertAgreesAsync(report, pool);
    }

    [Theory]
    [InlineData(ShareVerdict.Stale, true)]
    [InlineData(ShareVerdict.LowDifficulty, false)]
    [InlineData(ShareVerdict.Duplicate, false)]
    [InlineData(ShareVerdict.Malformed, false)]
    public async Task Solve_ServerRefuses_OnlyStaleIsAReason(ShareVerdict verdict, bool isFine)
    {
        await using MinerPool pool = await StartAsync(difficulty: Easy, configure: server => server.OnSubmit((_, _) => verdict));
        LoadReport report = await LoadRuns.UntilAsync(
            Options(pool, LoadMode.Solve, streams: false), run => run.Course.Tally.All.Sum >= 10);
        Assert.Equal(isFine, report.IsSuccess);
        Assert.Equal(0, report.AllAnswers.Accepted);
        RemoteError words = ShareErrors.Of(verdict);
        Assert.Equal($"{words.Text} ({words.Code})", Assert.Single(report.Refusals));
        if (!isFine)
        {
            Assert.Contains(words.Text, Assert.Single(report.Problems), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Solve_DifficultyOfRealMiners_EndsWithWhatToSet()
    {
        await using MinerPool pool = await StartAsync(difficulty: 1);
        LoadReport report = await new LoadRun(Options(pool, LoadMode.Solve, streams: false)).RunAsync().WaitAsync(LoadRuns.Patience);
        Assert.Contains("set the difficulty 1: a share takes 429", Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Broadcast_Jobs_EachIsTimedFromTheFirstSessionToTheLast(bool streams)
    {
        await using MinerPool pool = await StartAsync();
        var run = new LoadRun(Options(pool, LoadMode.Broadcast, streams) with { Connections = 20 });
        using var stop = new CancellationTokenSource();
        Task<LoadReport> end = run.RunAsync(stop.Token);
        await LoadRuns.UntilAsync(run, one => one.Course.Tally.IsMeasuring, end);
        for (int jobs = 1; jobs <= 3; jobs++)
        {
            await pool.NewBlockAsync();
            await LoadRuns.UntilAsync(run, one => one.Course.Tally.JobsReceived == 20 * jobs, end);
        }

        await stop.CancelAsync();
        LoadReport report = await end.WaitAsync(LoadRuns.Patience);
        Assert.Empty(report.Problems);
        Assert.Equal((3, 60), (report.Broadcasts, report.Operations));
        Assert.True(report.Spread.P50 > 0 && report.Spread.P50 <= report.Spread.Max);
        Assert.Equal(0, report.AllAnswers.Sum);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_Cycles_EachIsALoginOfTheServer(bool streams)
    {
        await using MinerPool pool = await StartAsync();
        int authorized = 0;
        pool.Server.WorkerAuthorized += (_, _) => Interlocked.Increment(ref authorized);

        LoadReport report = await LoadRuns.UntilAsync(
            Options(pool, LoadMode.Connect, streams), run => run.Course.Tally.Cycles >= 100);

        Assert.Empty(report.Problems);
        await LoadRuns.UntilAsync(() => pool.Server.Sessions.Count == 0);
        Assert.True(report.Operations >= 100 && report.Operations <= report.Logins);
        // Some of the last were let in, and left before they heard of it.
        Assert.InRange(authorized, report.Logins, report.Logins + 5);
        Assert.True(report.Latency.P50 > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Idle_Sessions_AreHeldAndDoNothing(bool streams)
    {
        await using MinerPool pool = await StartAsync();
        LoadOptions options = Options(pool, LoadMode.Idle, streams) with
        {
            Connections = 100, ServerPid = OperatingSystem.IsLinux() ? Environment.ProcessId : null,
        };
        int held = 0;

        LoadReport report = await LoadRuns.UntilAsync(options, run =>
        {
            held = pool.Server.Sessions.Count;
            return run.Course.Tally.IsMeasuring;
        });

        Assert.Empty(report.Problems);
        Assert.Equal((100, 100, 0), (held, report.Logins, report.Operations));
        if (OperatingSystem.IsLinux())
        {
            Assert.NotNull(report.Server!.BytesPerSession);
            Assert.True(report.Server.ProcessorTime > TimeSpan.Zero && report.Server.ResidentBytes > 1_000_000);
            Assert.Null(report.Server.MicrosecondsPerOperation);
        }

        await LoadRuns.UntilAsync(() => pool.Server.Sessions.Count == 0);
    }

    [Fact]
    public async Task Run_Tls_IsServed()
    {
        using var folder = new TempFolder();
        await using var pool = new MinerPool(configure: options =>
            options.CertificateFile = folder.Write("pool.pem", Certificates.SelfSignedPem()));
        var tls = new HashSet<bool>();
        pool.Server.SessionOpened += (_, session) => tls.Add(session.IsTls);
        await pool.StartAsync();
        LoadOptions options = Options(pool, LoadMode.Submit, streams: false) with
        {
            Url = new StratumUrl("localhost", pool.Server.Port, useTls: true), Connections = 1, Window = 8,
        };

        LoadReport report = await LoadRuns.UntilAsync(options, run => run.Course.Tally.All.Sum >= 100);

        Assert.Empty(report.Problems);
        await AssertAgreesAsync(report, pool);
        Assert.True(Assert.Single(tls));
    }

    [Fact]
    public async Task Run_Tls_PlainPortIsToldApart()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.SendAsync("""{"id":null,"method":"hello"}""" + "\n");
            await peer.ForeverAsync();
        });
        LoadReport report = await new LoadRun(new LoadOptions
        {
            Url = new StratumUrl("127.0.0.1", server.Url.Port, useTls: true), Mode = LoadMode.Idle, Connections = 2,
        }).RunAsync().WaitAsync(LoadRuns.Patience);
        Assert.Contains(report.Problems, problem => problem.Contains("TLS handshake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CancelledBeforeItMeasures_EndsInOrder()
    {
        await using MinerPool pool = await StartAsync();
        LoadReport report = await LoadRuns.UntilAsync(
            Options(pool, LoadMode.Submit, streams: false) with { WarmUp = TimeSpan.FromHours(1) }, run => run.Course.Tally.All.Sum > 0);
        Assert.Empty(report.Problems);
        Assert.True(report.AllAnswers.Sum > 0);
        await AssertAgreesAsync(report, pool);
        await LoadRuns.UntilAsync(() => pool.Server.Sessions.Count == 0);
    }

    [Fact]
    public async Task Run_AgainAndAgain_LeavesNoDescriptor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "descriptors are read from /proc");
        await using MinerPool pool = await StartAsync();
        LoadOptions options = Options(pool, LoadMode.Connect, streams: false);
        await LoadRuns.UntilAsync(options, run => run.Course.Tally.Cycles >= 10);
        await LoadRuns.UntilAsync(() => pool.Server.Sessions.Count == 0);
        int before = Descriptors();
        for (int i = 0; i < 5; i++)
        {
            await LoadRuns.UntilAsync(options with { Connections = 40 }, run => run.Course.Tally.Cycles >= 100);
        }

        // Other tests have theirs.
        await LoadRuns.UntilAsync(() => Descriptors() <= before + 30);
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static async Task<MinerPool> StartAsync(
        string algorithm = "sha256d", double? difficulty = null, Action<StratumServer>? configure = null)
    {
        var pool = new MinerPool(algorithm, configure: options =>
            options.Difficulty = difficulty is { } value ? new Difficulty(value) : options.Difficulty);
        configure?.Invoke(pool.Server);
        await pool.StartAsync();
        return pool;
    }

    private static LoadOptions Options(MinerPool pool, LoadMode mode, bool streams) => new()
    {
        Url = pool.Url,
        Mode = mode,
        Connections = 5,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromHours(1),
        LoginTimeout = LoadRuns.Patience,
        DrainTimeout = LoadRuns.Patience,
        AvoidsLoop = streams,
    };

    // The server counts a share after it has queued its answer.
    private static async Task AssertAgreesAsync(LoadReport report, MinerPool pool)
    {
        await LoadRuns.UntilAsync(() => pool.Accepted.Count + pool.Rejected.Count >= report.AllAnswers.Sum);
        Assert.Equal(report.AllAnswers.Accepted, pool.Accepted.Count);
        Assert.Equal(report.AllAnswers.LowDifficulty, Count(ShareVerdict.LowDifficulty));
        Assert.Equal(report.AllAnswers.Stale, Count(ShareVerdict.Stale) + Count(ShareVerdict.JobNotFound));
        Assert.Equal(report.AllAnswers.Sum, pool.Accepted.Count + pool.Rejected.Count);

        long Count(ShareVerdict verdict) => pool.Rejected.Count(share => share.Result.Verdict == verdict);
    }
}
