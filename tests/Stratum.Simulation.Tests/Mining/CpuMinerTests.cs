using System.Collections.Concurrent;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

public sealed class CpuMinerTests
{
    [Theory]
    [InlineData("sha256d", 1)]
    [InlineData("sha256d", 3)]
    [InlineData("scrypt", 2)]
    public async Task RunAsync_SharesWanted_EndsWithThemAndNoneIsRefused(string algorithm, int threads)
    {
        await using var pool = new MinerPool(algorithm);
        await pool.StartAsync();
        var miner = new CpuMiner(pool.Options with { Threads = threads, Shares = 20 });
        var answers = new ConcurrentBag<MinedShareAnswer>();
        int jobs = 0;
        miner.ShareAnswered += (_, answer) => answers.Add(answer);
        miner.JobReceived += (_, _) => Interlocked.Increment(ref jobs);

        var end = await miner.RunAsync().WaitAsync(MinerPool.Patience);

        Assert.Equal(CpuMinerEndReason.SharesReached, end.Reason);
        Assert.True(end.IsSuccess);
        Assert.Empty(pool.Rejected);
        var statistics = miner.Statistics;
        Assert.True(statistics.Accepted >= 20);
        Assert.Equal((0, 0, 0), (statistics.Stale, statistics.Rejected, statistics.Unanswered));
        Assert.Equal(statistics.Accepted, answers.Count);
        Assert.Equal(1, jobs);
        Assert.Equal(1, statistics.Jobs);
        Assert.True(statistics.Hashes >= 20);
        Assert.True(statistics.HashRate > 0);
        Assert.NotNull(statistics.FirstAccepted);
        Assert.All(answers, answer => Assert.True(answer.Share.Difficulty >= answer.Share.Job.Difficulty));
        var expected = pool.Accepted.Select(share => share.ShareDifficulty.Value).Order();
        Assert.Equal(expected, answers.Select(answer => answer.Share.Difficulty.Value).Order());
    }

    [Fact]
    public async Task RunAsync_JobsReplaceEachOther_OldWorkIsDropped()
    {
        await using var pool = new MinerPool();
        await pool.StartAsync();
        var miner = new CpuMiner(pool.Options with { Threads = 2 });
        var mined = new ConcurrentDictionary<string, int>();
        miner.ShareFound += (_, share) => mined.AddOrUpdate(share.Job.Id, 1, (_, count) => count + 1);
        using var stop = new CancellationTokenSource();
        var run = miner.RunAsync(stop.Token);
        for (int block = 1; block <= 5; block++)
        {
            int wanted = block;
            await Until(() => mined.Count >= wanted && pool.Accepted.Select(share => share.Share.JobId).Distinct().Count() >= wanted);
            await pool.NewBlockAsync();
        }

        await stop.CancelAsync();
        var end = await run.WaitAsync(MinerPool.Patience);
        Assert.Equal(CpuMinerEndReason.Cancelled, end.Reason);
        Assert.DoesNotContain(pool.Rejected, share => share.Result.Verdict is not (ShareVerdict.Stale or ShareVerdict.JobNotFound));
        Assert.Equal(0, miner.Statistics.Rejected);
        Assert.Equal(pool.Accepted.Count, miner.Statistics.Accepted);
    }

    [Theory]
    [InlineData(0x1fffe000u, 6)]
    [InlineData(null, 5)]
    public async Task RunAsync_VersionRolling_DecidesTheSixthParameter(uint? mask, int parameters)
    {
        await using var pool = new MinerPool();
        var submits = new ConcurrentBag<int>();
        pool.Server.OnRequest((_, request) =>
        {
            if (request.Method == "mining.submit")
                submits.Add(System.Text.Json.JsonElement.Parse(request.Parameters).GetArrayLength());
            return RequestOutcome.Pass;
        });
        await pool.StartAsync();
        var options = pool.Options;
        var miner = new CpuMiner(options with { Shares = 3, Client = options.Client with { VersionRollingMask = mask } });
        Assert.True((await miner.RunAsync().WaitAsync(MinerPool.Patience)).IsSuccess);
        Assert.Equal([parameters], submits.Distinct());
        Assert.Empty(pool.Rejected);
    }

    [Fact]
    public async Task RunAsync_TimeIsUp_EndsWell()
    {
        await using var pool = new MinerPool();
        await pool.StartAsync();
        var time = new ManualTime();
        var options = pool.Options;
        var miner = new CpuMiner(options with { Duration = TimeSpan.FromMinutes(1), Client = options.Client with { TimeProvider = time } });
        var run = miner.RunAsync();
        await Until(() => miner.Statistics.Accepted > 0);
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(CpuMinerEndReason.DurationReached, (await run.WaitAsync(MinerPool.Patience)).Reason);
    }

    [Fact]
    public async Task RunAsync_LoginRefused_EndsAtOnceWithThePoolsWords()
    {
        await using var pool = new MinerPool();
        pool.Server.OnAuthorize((Func<StratumSession, AuthorizeRequest, bool>)((_, _) => throw new StratumException(24, "No such account")));
        await pool.StartAsync();
        var miner = new CpuMiner(pool.Options with { RetryFor = Timeout.InfiniteTimeSpan });
        var end = await miner.RunAsync().WaitAsync(MinerPool.Patience);
        Assert.Equal(CpuMinerEndReason.LoginRefused, end.Reason);
        Assert.False(end.IsSuccess);
        Assert.Contains("No such account", end.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_PoolIsNotThere_EndsWithTheReason()
    {
        var options = MinerPool.OptionsFor(new Client.StratumUrl("127.0.0.1", FreePort.Next()));
        foreach (var patience in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMilliseconds(50)])
        {
            var end = await new CpuMiner(options with { RetryFor = patience }).RunAsync().WaitAsync(MinerPool.Patience);
            Assert.Equal(CpuMinerEndReason.PoolLost, end.Reason);
            Assert.Contains(options.Url.ToString(), end.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_PoolComesLateAndComesBack_MinesOn()
    {
        int port = FreePort.Next();
        var miner = new CpuMiner(MinerPool.OptionsFor(new Client.StratumUrl("127.0.0.1", port)));
        int losses = 0;
        miner.Disconnected += (_, lost) => losses += lost.WillReconnect ? 1 : 100;
        using var stop = new CancellationTokenSource();
        var run = miner.RunAsync(stop.Token);
        await using (var first = new MinerPool(port: port))
        {
            await first.StartAsync();
            await Until(() => miner.Statistics.Accepted > 0);
            Assert.Equal(0, losses);
        }

        await Until(() => losses == 1);
        await using var second = new MinerPool(port: port);
        await second.StartAsync();
        await Until(() => !second.Accepted.IsEmpty);
        await stop.CancelAsync();
        Assert.Equal(CpuMinerEndReason.Cancelled, (await run.WaitAsync(MinerPool.Patience)).Reason);
        Assert.Empty(second.Rejected);
        Assert.Equal(0, miner.Statistics.Rejected);
    }

    [Fact]
    public async Task RunAsync_PoolGoesForGood_EndsWithTheReason()
    {
        var pool = new MinerPool();
        await pool.StartAsync();
        var miner = new CpuMiner(pool.Options with { RetryFor = TimeSpan.FromMilliseconds(50) });
        var run = miner.RunAsync();
        await Until(() => miner.Statistics.Accepted > 0);
        await pool.DisposeAsync();
        var end = await run.WaitAsync(MinerPool.Patience);
        Assert.Equal(CpuMinerEndReason.PoolLost, end.Reason);
        Assert.Contains("stayed away", end.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 4, 1ul << 30)]
    [InlineData(8, 3, ulong.MaxValue / 3)]
    [InlineData(12, 1, ulong.MaxValue)]
    [InlineData(1, 4, 64ul)]
    [InlineData(0, 1, 1ul)]
    [InlineData(0, 2, 0ul)]
    public void RangeOf_Sizes_IsTheThreadsShareOfTheSpace(int size, int threads, ulong expected) =>
        Assert.Equal(expected, MiningThread.RangeOf(size, threads));

    [Fact]
    public void Constructor_BadOptions_NamesThemAll()
    {
        var bad = new CpuMinerOptions
        {
            Url = new Client.StratumUrl("localhost", 1), User = "", Algorithm = "x11", Threads = 0, Shares = 0,
            Duration = TimeSpan.Zero, RetryFor = TimeSpan.FromSeconds(-5),
        };
        var error = Assert.Throws<ArgumentException>(() => new CpuMiner(bad));
        foreach (string name in (string[])["User", "x11", "Threads", "Shares", "Duration", "RetryFor"])
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnesAndHideThePassword()
    {
        var options = new CpuMinerOptions { Url = new Client.StratumUrl("localhost", 1), User = "me" };
        Assert.Equal(("x", "sha256d", 1), (options.Password, options.Algorithm, options.Threads));
        Assert.Null(options.Shares);
        Assert.Null(options.Duration);
        Assert.Equal(TimeSpan.FromSeconds(60), options.RetryFor);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Client.MaxReconnectDelay);
        Assert.Empty(options.Validate());
        Assert.DoesNotContain("secret", (options with { Password = "secret" }).ToString(), StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(MinerPool.Patience);
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
