using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server.Tests;

public sealed class HandlerTests
{
    [Fact]
    public async Task On_Second_Throws()
    {
        await using var server = new TestServer();
        var it = server.Server;
        it.OnSubscribe((session, _) => new Subscription(session.NextExtranonce1()));
        it.OnAuthorize((_, _) => true);
        it.OnSubmit((_, share) => share.Verdict);
        it.OnConfigure((_, _) => new ValueTask<ConfigureResult>(new ConfigureResult()));
        it.OnSuggestDifficulty((_, wish) => wish);
        Assert.Throws<InvalidOperationException>(() => it.OnSubscribe((session, _) => new Subscription(session.NextExtranonce1())));
        Assert.Throws<InvalidOperationException>(() => it.OnAuthorize((_, _) => true));
        Assert.Throws<InvalidOperationException>(() => it.OnSubmit((_, share) => share.Verdict));
        Assert.Throws<InvalidOperationException>(() => it.OnSubmit(async (_, share) =>
        {
            await Task.Yield();
            return share.Verdict;
        }));
        Assert.Throws<InvalidOperationException>(() => it.OnConfigure((_, _) => new ValueTask<ConfigureResult>(new ConfigureResult())));
        Assert.Throws<InvalidOperationException>(() => it.OnSuggestDifficulty((_, wish) => wish));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OnSubmit_ChangesAnswerAndCredit(bool waits)
    {
        await using var server = new TestServer();
        var told = new List<string>();
        server.Server.ShareSubmitted += (_, share) => told.Add($"submitted {share.Share.Verdict}");
        server.Server.ShareAccepted += (_, share) => told.Add($"accepted {share.Difficulty}");
        server.Server.ShareRejected += (_, share) => told.Add($"rejected {share.Share.Verdict}");
        ShareResult Decide(Submit share) => (share.Extranonce2.ToString()[^1], share.Verdict) switch
        {
            ('1', _) => ShareResult.Reject(24, "paid \"nothing\""),
            ('2', _) => new ShareResult(ShareVerdict.Accepted) { Credit = new Difficulty(42) },
            ('3', _) => false,
            ('4', _) => true,
            ('5', _) => throw new StratumException(25, "thrown", "[5]"),
            _ => share.Verdict,
        };
        if (waits)
            server.Server.OnSubmit(async (_, share) =>
            {
                await Task.Yield();
                return Decide(share);
            });
        else
            server.Server.OnSubmit((_, share) => Decide(share));
        await using var peer = await server.LoginAsync();
        Assert.Equal("""[24,"paid \"nothing\"",null]""", (await peer.SubmitAsync(peer.Solve(1))).GetProperty("error").GetRawText());
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(2)));
        Answers.IsError(20, await peer.SubmitAsync(peer.Solve(3)));
        var low = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(4), Solver.Below(peer.Difficulty));
        Answers.IsTrue(await peer.SubmitAsync(low));
        Assert.Equal("""[25,"thrown",[5]]""", (await peer.SubmitAsync(peer.Solve(5))).GetProperty("error").GetRawText());
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(6)));
        await peer.DrainAsync();
        Assert.Equal(
        [
            "submitted Accepted", "rejected Accepted", "submitted Accepted", "accepted 42", "submitted Accepted", "rejected Accepted",
            "submitted LowDifficulty", "accepted 0", "submitted Accepted", "rejected Accepted", "submitted Accepted", "accepted 0.000000001",
        ], told);
        var session = Assert.Single(server.Server.Sessions);
        Assert.Equal((3, 3), (session.Accepted, session.Rejected));
    }

    [Fact]
    public async Task Handlers_Throw_RefusedAndCounted()
    {
        await using var server = new TestServer { ExpectFailures = true };
        server.Server.OnSubscribe(Subscription (_, request) => throw (request.UserAgent == "a"
            ? new StratumException(31, "banned")
            : new InvalidOperationException("broken")));
        server.Server.OnAuthorize(async (_, _) =>
        {
            await Task.Yield();
            throw new StratumException(32, "closed on sundays");
        });
        await using var peer = await server.ConnectAsync();
        Answers.IsError(31, await peer.CallAsync("mining.subscribe", "[\"a\"]"));
        Answers.IsError(20, await peer.CallAsync("mining.subscribe", "[\"b\"]"));
        Answers.IsError(32, await peer.AuthorizeAsync());
        Assert.Null(Assert.Single(server.Server.Sessions).Subscription);
        Assert.Single(server.Log.Lines, line => line.Id == 105);
    }

    [Fact]
    public async Task Events_HandlerThrows_TheOthersHearAndTheMinerIsAnswered()
    {
        await using var server = new TestServer { ExpectFailures = true };
        var heard = new List<string>();
        server.Server.ShareSubmitted += (_, _) => throw new InvalidOperationException("broken");
        server.Server.ShareSubmitted += (_, _) => heard.Add("submitted");
        server.Server.ShareAccepted += (_, _) => throw new InvalidOperationException("broken");
        server.Server.ShareAccepted += (_, _) => heard.Add("accepted");
        server.Server.SessionOpened += (_, _) => throw new InvalidOperationException("broken");
        server.Server.SessionOpened += (_, _) => heard.Add("opened");
        server.Server.WorkerAuthorized += (_, _) => throw new InvalidOperationException("broken");
        server.Server.SessionClosed += (_, _) => throw new InvalidOperationException("broken");
        server.Server.SessionClosed += (_, _) => heard.Add("closed");
        await using (var peer = await server.LoginAsync())
        {
            Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
            await peer.EndAsync();
            await peer.Serving;
        }
        Assert.Equal(["opened", "submitted", "accepted", "closed"], heard);
        Assert.Equal(5, server.Log.Lines.Count(line => line.Id == 105));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Events_OfOneSession_InTheirOrder(string driver)
    {
        await using var server = new TestServer();
        var told = new List<string>();
        void Tell(string what)
        {
            lock (told)
                told.Add(what);
        }
        server.Server.SessionOpened += (_, session) => Tell($"opened {session.Id} {session.IsTls}");
        server.Server.WorkerAuthorized += (_, worker) => Tell($"authorized {worker.Worker}");
        server.Server.ShareAccepted += (_, share) => Tell($"accepted {share.Worker}");
        server.Server.ShareRejected += (_, share) => Tell($"rejected {share.Share.Verdict}");
        server.Server.ProtocolError += (_, error) => Tell($"error {error.Count}");
        server.Server.SessionClosed += (_, closed) => Tell($"closed {closed.Reason}");
        server.Server.JobBroadcast += (_, job) => Tell($"job {job.Job.Height} {job.Sessions}");
        await using (var peer = await server.LoginAsync(driver))
        {
            var share = peer.Solve();
            await peer.SubmitAsync(share);
            await peer.SubmitAsync(share);
            await peer.SendAsync("{");
            await server.BroadcastAsync(tip: 2);
            await peer.WaitForAsync("mining.notify");
            await peer.DrainAsync();
            await peer.EndAsync();
            await peer.ReadToEndAsync();
        }
        await Answers.BecomesTrueAsync(() => server.Server.Sessions.Count == 0);
        await Answers.BecomesTrueAsync(() => told.Count == 8);
        var mine = told.Where(what => !what.StartsWith("job", StringComparison.Ordinal)).ToArray();
        Assert.Equal(
            ["opened 1 False", "authorized w", "accepted w", "rejected Duplicate", "error 1", "closed PeerClosed"], mine);
        Assert.Equal(["job 101 0", "job 102 1"], told.Except(mine));
    }

    [Fact]
    public async Task Subclass_EachTwin_BaseRunsTheRegisteredHandler()
    {
        Subclass? it = null;
        await using var server = new TestServer(null, options => it = new Subclass(options));
        var handled = new List<string>();
        it!.OnSubscribe((session, _) =>
        {
            handled.Add("subscribe");
            return new Subscription(session.NextExtranonce1(), "named");
        });
        it.OnAuthorize((_, _) =>
        {
            handled.Add("authorize");
            return true;
        });
        it.OnConfigure((_, _) =>
        {
            handled.Add("configure");
            return new ValueTask<ConfigureResult>(new ConfigureResult());
        });
        it.OnSuggestDifficulty((_, wish) =>
        {
            handled.Add("suggest");
            return wish;
        });
        it.OnSubmit((_, share) =>
        {
            handled.Add("submit");
            return share.Verdict;
        });
        it.BlockFound += (_, _) =>
        {
            handled.Add("block");
            return default;
        };
        await server.BroadcastAsync(bits: Work.RegtestBits);
        await using var peer = await server.ConnectAsync();
        await peer.CallAsync("mining.configure", "[[]]");
        await peer.CallAsync("mining.suggest_difficulty", "[0.0000000004]");
        await peer.LoginAsync();
        Answers.IsTrue(await peer.SubmitAsync(Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(1), Solver.Block(Work.RegtestBits))));
        Assert.Equal(["configure", "suggest", "subscribe", "authorize", "block", "submit"], handled);
        Assert.Equal(handled, it.Called);
        Assert.Equal("named", Assert.Single(server.Server.Sessions).Subscription!.Id);
    }

    private sealed class Subclass(StratumServerOptions options) : StratumServer(options)
    {
        public List<string> Called { get; } = [];

        protected internal override ValueTask<Subscription> SubscribeAsync(StratumSession session, SubscribeRequest request)
        {
            Called.Add("subscribe");
            return base.SubscribeAsync(session, request);
        }

        protected internal override async ValueTask<bool> AuthorizeAsync(StratumSession session, AuthorizeRequest request)
        {
            Called.Add("authorize");
            await Task.Yield();
            return await base.AuthorizeAsync(session, request);
        }

        protected internal override ValueTask<ConfigureResult> ConfigureAsync(StratumSession session, ConfigureRequest request)
        {
            Called.Add("configure");
            return base.ConfigureAsync(session, request);
        }

        protected internal override ValueTask<Difficulty?> SuggestDifficultyAsync(StratumSession session, Difficulty wish)
        {
            Called.Add("suggest");
            return base.SuggestDifficultyAsync(session, wish);
        }

        protected internal override ValueTask<ShareResult> SubmitAsync(StratumSession session, Submit share)
        {
            Called.Add("submit");
            return base.SubmitAsync(session, share);
        }

        protected internal override ValueTask BlockFoundAsync(BlockCandidate block)
        {
            Called.Add("block");
            return base.BlockFoundAsync(block);
        }
    }
}
