using Stratum.Mining;

namespace Stratum.Server.Tests;

/// <summary>What one session, one handler or one job does wrong must not reach the others.</summary>
public sealed class TroubleTests
{
    [Fact]
    public async Task StopAsync_HandlerAnswersLater_ItsLongAnswerGoesOutWhole()
    {
        await using var server = new TestServer();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource<string>();
        server.Server.Map("slow", () =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await using var peer = await server.ConnectAsync(Drivers.Socket);
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
