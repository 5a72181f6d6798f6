using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server.Tests;

/// <summary>What one session, one handler or one job does wrong must not reach the others.</summary>
public sealed class TroubleTests
{
    [Theory]
    [MemberData(nameof(Drivers.Sockets), MemberType = typeof(Drivers))]
    public async Task StopAsync_HandlerAnswersLater_ItsLongAnswerGoesOutWhole(string driver)
    {
        await using var server = new TestServer();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource<string>();
        server.Server.Map("slow", () =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await using var peer = await server.ConnectAsync(driver);
        await peer.SendAsync("""{"id":1,"method":"slow"}""");
        await entered.Task;
        var stop = server.Server.StopAsync(TestContext.Current.CancellationToken);
        await Answers.BecomesTrueAsync(() => server.Server.EndPoints.Count == 0);
        release.SetResult(new string('x', 300_000));
        Assert.Equal(300_000, (await peer.AnswerAsync(1)).GetProperty("result").GetString()!.Length);
        Assert.Null(await peer.ReadLineAsync());
        await stop;
    }

    [Fact]
    public async Task Policy_Throws_ShareIsAnsweredOnceAndOthersAreKeptAlive()
    {
        await using var server = new TestServer(options => options.DifficultyPolicy = new BrokenPolicy()) { ExpectFailures = true };
        await using var peer = await server.LoginAsync();
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        Assert.Empty(await peer.DrainAsync());
        server.Pass(46);
        await peer.WaitForAsync("mining.notify");
    }

    [Fact]
    public async Task Renew_Throws_SessionIsKeptAliveByPing()
    {
        await using var server = new TestServer { ExpectFailures = true };
        var made = Work.NewJob(server.Now);
        await server.Server.BroadcastAsync(new Job
        {
            PreviousBlock = made.PreviousBlock,
            Coinbase1 = made.Coinbase1,
            Coinbase2 = made.Coinbase2,
            Version = made.Version,
            Bits = made.Bits,
            Time = made.Time,
            Renew = _ => throw new InvalidOperationException("no more"),
        });
        await using var peer = await server.LoginAsync();
        server.Pass(46);
        await peer.WaitForAsync("mining.ping");
    }

    [Fact]
    public async Task Renew_NewBlockIsBroadcastMeanwhile_SessionEndsOnTheNewBlock()
    {
        await using var server = new TestServer();
        var old = Work.NewJob(server.Now);
        var isBusy = false;
        await server.Server.BroadcastAsync(new Job
        {
            Coin = old.Coin,
            PreviousBlock = old.PreviousBlock,
            Coinbase1 = old.Coinbase1,
            Coinbase2 = old.Coinbase2,
            Version = old.Version,
            Bits = old.Bits,
            Time = old.Time,
            Renew = now =>
            {
                // From another thread, as a template does: it must not wait for this one.
                if (!isBusy)
                    isBusy = Task.Run(() => server.BroadcastAsync(tip: 2)).Wait(TimeSpan.FromSeconds(20));
                return old.Renew!(now);
            },
        });
        await using var peer = await server.LoginAsync();
        server.Pass(46);
        await peer.WaitForAsync("mining.notify");
        await peer.DrainAsync();
        Assert.True(isBusy);
        Assert.Equal(server.Server.Work.Current!.Id.Value, peer.Job!.JobId);
        Assert.Equal(Work.Tip(2), server.Server.Work.Tip);
    }

    [Fact]
    public async Task Policy_WantsMoreThanTheNetworkAllows_NoJobsOfItsOwn()
    {
        var policy = new GrowingPolicy();
        await using var server = new TestServer(options => options.DifficultyPolicy = policy);
        // regtest's network difficulty, which this chain does not let a share exceed.
        await server.BroadcastAsync(bits: Work.RegtestBits);
        await using var peer = await server.LoginAsync();
        server.Pass(20);
        Assert.True(policy.Calls > 10);
        Assert.Empty(await peer.DrainAsync());
    }

    [Fact]
    public async Task Configure_MaskChangesWhileAHandlerDecides_MinerIsToldBeforeItsNextJob()
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        server.Server.OnConfigure(async (_, _) =>
        {
            await server.BroadcastAsync(options: new JobOptions { VersionMask = 0x00ffe000 });
            return new ConfigureResult
            {
                Answers = [new ConfigureAnswer(ConfigureRequest.VersionRolling, true)],
                VersionRollingMask = 0x1fffe000,
            };
        });
        await using var peer = await server.ConnectAsync();
        await peer.CallAsync("mining.configure", """[["version-rolling"],{"version-rolling.mask":"ffffffff"}]""");
        await peer.LoginAsync();
        Assert.Equal(["mining.set_version_mask", "mining.set_difficulty", "mining.notify"], peer.Notifications.Methods());
        Assert.Equal("00ffe000", peer.Notifications[0].GetProperty("params")[0].GetString());
    }

    [Fact]
    public async Task Subscribe_ExtranonceOfAnotherSizeThanTheWorks_RefusedAndReported()
    {
        await using var server = new TestServer { ExpectFailures = true };
        server.Server.OnSubscribe((_, _) => new Subscription(new Extranonce([1, 2, 3, 4, 5])));
        await using var peer = await server.ConnectAsync();
        Answers.IsError(20, await peer.CallAsync("mining.subscribe"));
        Assert.Contains(server.Log.Lines, line => line.Failure?.Message.Contains("Extranonce1Size", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task TrySetExtranonce_AnotherSize_Throws()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        await peer.CallAsync("mining.extranonce.subscribe");
        var session = Assert.Single(server.Server.Sessions);
        Assert.Throws<ArgumentException>(() => session.TrySetExtranonce(new Extranonce([1, 2, 3])));
    }

    [Fact]
    public async Task BroadcastAsync_JobThatWasPublishedBefore_GoesToTheSessionsOfItsSource()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var job = Work.NewJob(server.Now);
        server.Server.Work.Publish(job, server.Now);
        Assert.Equal(1, await server.Server.BroadcastAsync(job));
        await peer.WaitForAsync("mining.notify");
        Assert.Equal(job.Id.Value, peer.Job!.JobId);
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Server.BroadcastAsync(job));
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Server.BroadcastAsync(job, new WorkSource()));
    }

    [Fact]
    public async Task Tick_SessionThatIsBusyForLong_ItsWorkNeverGetsTooOldToBeFound()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        for (var minute = 0; minute < 12; minute++)
        {
            server.Pass(30);
            Answers.IsTrue(await peer.SubmitAsync(peer.Solve((ulong)minute + 1)));
            server.Pass(30);
            await peer.DrainAsync();
        }
        Assert.InRange(peer.Notifications.Methods().Count(method => method == "mining.notify"), 5, 7);
        Assert.All(peer.Notifications.Where(line => line.Method() == "mining.notify").Skip(1), line => Assert.False(NotifyLine.Read(line).Clean));
    }

    private sealed class BrokenPolicy : IDifficultyPolicy
    {
        public Difficulty? Next(in DifficultySample sample) => throw new InvalidOperationException("broken");
    }

    // Asks for another value each time, as a rate that is measured does.
    private sealed class GrowingPolicy : IDifficultyPolicy
    {
        public int Calls { get; private set; }

        public Difficulty? Next(in DifficultySample sample) => new Difficulty(sample.Current.Value * (10 + ++Calls));
    }
}
