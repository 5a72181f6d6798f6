using Stratum.Mining;

namespace Stratum.Server.Tests;

public sealed class DifficultyTests
{
    private const double Easy = 1e-9;
    private const double Harder = 2e-9;

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Difficulty_SmallChange_ComesWithTheNextJobDirectlyBeforeIt(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(driver);
        var session = Assert.Single(server.Server.Sessions);
        session.Difficulty = new Difficulty(Harder);
        server.Pass(3);
        Assert.Empty(await peer.DrainAsync());
        await server.BroadcastAsync();
        Assert.Equal(["mining.set_difficulty", "mining.notify"], (await peer.DrainAsync()).Methods());
        Assert.Equal(Harder, peer.Difficulty);
        await server.BroadcastAsync();
        Assert.Equal(["mining.notify"], (await peer.DrainAsync()).Methods());
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Difficulty_Raised_OldJobJudgedByItsOwn(string driver)
    {
        await using var server = new TestServer();
        var credits = new List<double>();
        server.Server.ShareAccepted += (_, share) => credits.Add(share.Difficulty.Value);
        await using var peer = await server.LoginAsync(driver);
        var old = peer.Job!;
        var between = Solver.Find(old, peer.Extranonce1, peer.Extranonce2(1), hash => Solver.Above(Easy)(hash) && Solver.Below(Harder)(hash));
        Assert.Single(server.Server.Sessions).Difficulty = new Difficulty(Harder);
        await server.BroadcastAsync();
        await peer.DrainAsync();
        Answers.IsTrue(await peer.SubmitAsync(between));
        var low = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(1), hash => Solver.Above(Easy)(hash) && Solver.Below(Harder)(hash));
        Answers.IsError(23, await peer.SubmitAsync(low));
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(2)));
        await peer.DrainAsync();
        Assert.Equal([Easy, Harder], credits);
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Difficulty_Fallen_OldJobsShareOfTheNewOneIsTrueAndCreditedNothing(string driver)
    {
        await using var server = new TestServer(options => options.Difficulty = new Difficulty(Harder));
        var credits = new List<double>();
        server.Server.ShareAccepted += (_, share) => credits.Add(share.Difficulty.Value);
        await using var peer = await server.LoginAsync(driver);
        var old = peer.Job!;
        var between = Solver.Find(old, peer.Extranonce1, peer.Extranonce2(1), hash => Solver.Above(Easy)(hash) && Solver.Below(Harder)(hash));
        Answers.IsError(23, await peer.SubmitAsync(between));
        Assert.Single(server.Server.Sessions).Difficulty = new Difficulty(Easy);
        await server.BroadcastAsync();
        await peer.DrainAsync();
        Answers.IsTrue(await peer.SubmitAsync(between));
        Answers.IsTrue(await peer.SubmitAsync(Solver.Find(old, peer.Extranonce1, peer.Extranonce2(2), Solver.Above(Harder))));
        Answers.IsError(23, await peer.SubmitAsync(Solver.Find(old, peer.Extranonce1, peer.Extranonce2(3), Solver.Below(Easy))));
        await peer.DrainAsync();
        Assert.Equal([0, Harder], credits);
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Difficulty_UrgentChanges_ShareOneExtraJob(string driver)
    {
        await using var server = new TestServer();
        await using var one = await server.LoginAsync(driver);
        await using var two = await server.LoginAsync(driver);
        await using var calm = await server.LoginAsync(driver);
        var old = one.Job!;
        var sessions = server.Server.Sessions.OrderBy(session => session.Id).ToArray();
        sessions[0].Difficulty = new Difficulty(1e-8);
        sessions[1].Difficulty = new Difficulty(1e-7);
        Assert.Empty(await one.DrainAsync());
        server.Pass(1);
        Assert.Equal(["mining.set_difficulty", "mining.notify"], (await one.DrainAsync()).Methods());
        Assert.Equal(["mining.set_difficulty", "mining.notify"], (await two.DrainAsync()).Methods());
        Assert.Empty(await calm.DrainAsync());
        Assert.Equal(one.Job!.JobId, two.Job!.JobId);
        Assert.NotEqual(old.JobId, one.Job.JobId);
        Assert.NotEqual(old.Coinbase1, one.Job.Coinbase1);
        Assert.False(one.Job.Clean);
        Assert.Equal((1e-8, 1e-7), (one.Difficulty, two.Difficulty));
        server.Pass(2);
        Assert.Empty(await one.DrainAsync());
        Answers.IsTrue(await one.SubmitAsync(one.Solve()));
        Answers.IsTrue(await one.SubmitAsync(one.Solve(job: old, above: Easy)));
    }

    [Fact]
    public async Task Difficulty_AboveTheNetwork_SentAsTheNetworks()
    {
        await using var server = new TestServer(options => options.Difficulty = new Difficulty(100));
        await using var peer = await server.LoginAsync();
        Assert.Equal(1, peer.Difficulty);
        await server.BroadcastAsync(bits: Work.RegtestBits);
        await peer.DrainAsync();
        Assert.Equal(4.6565423739069247e-10, peer.Difficulty, 1e-14);
    }

    [Fact]
    public async Task Difficulty_AboveTheNetworkOnRegtest_Sent()
    {
        await using var server = new TestServer(options => options.Difficulty = new Difficulty(100));
        await server.BroadcastAsync(bits: Work.RegtestBits, options: new JobOptions { DifficultyMayExceedNetwork = true });
        await using var peer = await server.LoginAsync();
        Assert.Equal(100, peer.Difficulty);
    }

    // Work that another pool judges: its difficulty goes out with it, and the session's own is the next job's again.
    [Fact]
    public async Task Difficulty_OfTheJob_StandsInsteadOfTheSessions()
    {
        await using var server = new TestServer(options => options.Difficulty = new Difficulty(1e-9));
        var made = Work.NewJob(server.Now);
        await server.Server.BroadcastAsync(new Job
        {
            PreviousBlock = made.PreviousBlock,
            Coinbase1 = made.Coinbase1,
            Coinbase2 = made.Coinbase2,
            Version = made.Version,
            Bits = made.Bits,
            Time = made.Time,
            Difficulty = new Difficulty(100),
        });
        await using var peer = await server.LoginAsync();
        Assert.Equal(100, peer.Difficulty);

        await server.BroadcastAsync();
        await peer.DrainAsync();
        Assert.Equal(1e-9, peer.Difficulty);
    }

    [Theory]
    [InlineData("mining.suggest_difficulty", "[0.00000002]", 2e-8)]
    [InlineData("mining.suggest_difficulty", "[\"0.00000002\"]", 2e-8)]
    [InlineData("mining.suggest_difficulty", "[\"2e-8\"]", 2e-8)]
    [InlineData("mining.suggest_difficulty(0.00000002)", "[]", 2e-8)]
    [InlineData("mining.suggest", "[0.00000002]", 2e-8)]
    [InlineData("mining.suggest_difficulty", "[1e-30]", 2.3282709094019083e-10)]
    [InlineData("mining.suggest_difficulty", "[1e300]", 1)]
    [InlineData("mining.suggest_target", "[\"000000ffff000000000000000000000000000000000000000000000000000000\"]", 0.00390625)]
    [InlineData("mining.suggest_target", "[\"FFFF0000000000000000000000000000000000000000000000000000\"]", 1)]
    public async Task Suggest_AnyForm_AnsweredTrueAndUsed(string method, string parameters, double difficulty)
    {
        foreach (var driver in Drivers.All)
        {
            await using var server = new TestServer();
            await server.BroadcastAsync();
            await using (var before = await server.ConnectAsync(driver))
            {
                Answers.IsTrue(await before.CallAsync(method, parameters));
                await before.LoginAsync();
                Assert.Equal(difficulty, before.Difficulty, difficulty * 1e-9);
                Assert.Equal(["mining.set_difficulty", "mining.notify"], before.Notifications.Methods());
            }
            await using var after = await server.LoginAsync(driver);
            Answers.IsTrue(await after.CallAsync(method, parameters));
            server.Pass(1);
            Assert.Equal(["mining.set_difficulty", "mining.notify"], (await after.DrainAsync()).Methods());
            Assert.Equal(difficulty, after.Difficulty, difficulty * 1e-9);
        }
    }

    [Theory]
    [InlineData("mining.suggest_difficulty", "[]")]
    [InlineData("mining.suggest_difficulty", "[0]")]
    [InlineData("mining.suggest_difficulty", "[-1]")]
    [InlineData("mining.suggest_difficulty", "[\"many\"]")]
    [InlineData("mining.suggest_difficulty", "[null]")]
    [InlineData("mining.suggest_difficulty", "{}")]
    [InlineData("mining.suggest_difficulty()", "[]")]
    [InlineData("mining.suggest_target", "[]")]
    [InlineData("mining.suggest_target", "[\"0\"]")]
    [InlineData("mining.suggest_target", "[\"xyz\"]")]
    [InlineData("mining.suggest_target", "[7]")]
    public async Task Suggest_Unreadable_20AndNoChange(string method, string parameters)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        Answers.IsError(20, await peer.CallAsync(method, parameters));
        server.Pass(2);
        Assert.Empty(await peer.DrainAsync());
    }

    [Fact]
    public async Task Suggest_OutsideTheOptions_Clamped()
    {
        await using var server = new TestServer(options =>
        {
            options.MinimumDifficulty = new Difficulty(5e-9);
            options.MaximumDifficulty = new Difficulty(5e-8);
        });
        await using var peer = await server.LoginAsync();
        await peer.CallAsync("mining.suggest_difficulty", "[1e-9]");
        await peer.CallAsync("mining.suggest_difficulty", "[2e-9]");
        server.Pass(1);
        await peer.DrainAsync();
        Assert.Equal(5e-9, peer.Difficulty);
        await peer.CallAsync("mining.suggest_difficulty", "[1]");
        server.Pass(1);
        await peer.DrainAsync();
        Assert.Equal(5e-8, peer.Difficulty);
    }

    [Fact]
    public async Task OnSuggestDifficulty_Null_TrueButUnchanged()
    {
        await using var server = new TestServer();
        var wishes = new List<double>();
        server.Server.OnSuggestDifficulty((_, wish) =>
        {
            wishes.Add(wish.Value);
            return wish.Value > 1 ? null : wish;
        });
        await using var peer = await server.LoginAsync();
        Answers.IsTrue(await peer.CallAsync("mining.suggest_difficulty", "[5]"));
        server.Pass(2);
        Assert.Empty(await peer.DrainAsync());
        Answers.IsTrue(await peer.CallAsync("mining.suggest_difficulty", "[0.5]"));
        server.Pass(1);
        Assert.Equal(["mining.set_difficulty", "mining.notify"], (await peer.DrainAsync()).Methods());
        Assert.Equal([5, 0.5], wishes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e-10)]
    public async Task Difficulty_NoUsableNumber_Refused(double value)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var session = Assert.Single(server.Server.Sessions);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Difficulty = new Difficulty(value));
        Assert.Equal(TestServer.Easy, session.Difficulty);
    }

    [Fact]
    public async Task Policy_AfterSharesAndEachSecond_SampledAndObeyed()
    {
        var policy = new Policy();
        await using var server = new TestServer(options => options.DifficultyPolicy = policy);
        await using var peer = await server.LoginAsync();
        server.Pass(10);
        await peer.DrainAsync();
        var idle = policy.Samples[^1];
        Assert.Equal((Easy, TimeSpan.FromSeconds(10), 0, "test/1"), (idle.Current.Value, idle.Elapsed, idle.Shares, idle.UserAgent));
        await peer.SubmitAsync(peer.Solve(1));
        policy.Answer = new Difficulty(Harder);
        await peer.SubmitAsync(peer.Solve(2));
        await peer.DrainAsync();
        Assert.Equal([1, 2], policy.Samples.TakeLast(2).Select(sample => sample.Shares));
        Assert.Equal(Easy, peer.Difficulty);
        await server.BroadcastAsync();
        await peer.DrainAsync();
        Assert.Equal(Harder, peer.Difficulty);
        server.Pass(5);
        var after = policy.Samples[^1];
        Assert.Equal((Harder, 0), (after.Current.Value, after.Shares));
        Assert.InRange(after.Elapsed.TotalSeconds, 4, 5);
    }

    [Fact]
    public async Task Policy_SharesBeforeTheNewJob_AreNotCountedForIt()
    {
        var policy = new Policy { Answer = new Difficulty(Harder) };
        await using var server = new TestServer(options => options.DifficultyPolicy = policy);
        await using var peer = await server.LoginAsync();
        for (ulong i = 0; i < 5; i++)
            await peer.SubmitAsync(peer.Solve(i));
        server.Pass(5);
        await server.BroadcastAsync();
        await peer.DrainAsync();
        server.Pass(1);
        Assert.Equal((Harder, 0), (policy.Samples[^1].Current.Value, policy.Samples[^1].Shares));
    }

    private sealed class Policy : IDifficultyPolicy
    {
        public List<DifficultySample> Samples { get; } = [];

        public Difficulty? Answer { get; set; }

        public Difficulty? Next(in DifficultySample sample)
        {
            lock (Samples)
                Samples.Add(sample);
            return Answer;
        }
    }
}
