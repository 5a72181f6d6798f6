using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server.Tests;

public sealed class SubmitTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Submit_HonestShare_AcceptedAndCredited(string driver)
    {
        await using var server = new TestServer();
        var accepted = new List<ShareEvent>();
        server.Server.ShareAccepted += (_, share) => accepted.Add(share);
        await using var peer = await server.LoginAsync(driver, "alice");
        var share = peer.Solve();
        Answers.IsTrue(await peer.SubmitAsync(share, "alice"));
        await peer.DrainAsync();
        var told = Assert.Single(accepted);
        Assert.Equal("alice", told.Worker.Value);
        Assert.Equal(TestServer.Easy, told.Difficulty);
        Assert.Equal(share.Difficulty, told.ShareDifficulty.Value, share.Difficulty * 1e-9);
        Assert.Equal(share.BlockId, told.Share.BlockId.ToString());
        Assert.False(told.Share.IsBlock);
        Assert.Equal(1, Assert.Single(server.Server.Sessions).Accepted);
    }

    [Theory]
    [InlineData("""["w","JOB","EN2","TIME","NONCE"]""")]
    [InlineData("""["w","JOB","EN2","TIME","NONCE","00000000"]""")]
    [InlineData("""["w","JOB","EN2","TIME","NONCE",null]""")]
    [InlineData("""["w","JOB","EN2","TIME","NONCE","0","more",7,{"a":[]}]""")]
    [InlineData("""["w","JOB","EN2","TIMEUP","NONCEUP","0"]""")]
    [InlineData("""["w","JOB","EN2","TIME","NONCESHORT"]""")]
    [InlineData("""["w", "JOB" , "EN2","TIME","NONCESHORT"  ]""")]
    public async Task Submit_AnyReadableForm_Accepted(string form)
    {
        foreach (var driver in Drivers.All)
        {
            await using var server = new TestServer();
            await using var peer = await server.LoginAsync(driver);
            var share = peer.Solve();
            Answers.IsTrue(await peer.CallAsync("mining.submit", Fill(form, share)));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("""["w","JOB","EN2","TIME"]""")]
    [InlineData("""["w","JOB","EN2","TIME",null]""")]
    [InlineData("""["w","JOB","EN2","TIME",[]]""")]
    [InlineData("""["w","JOB","EN2","TIME","123456789"]""")]
    [InlineData("""["w","JOB","EN2","TIME",""]""")]
    [InlineData("""["w","JOB","EN2","TIME","0x12"]""")]
    [InlineData("""["w","JOB","EN2","TIME","xyz"]""")]
    [InlineData("""["w","JOB","EN2","TIME","-1"]""")]
    [InlineData("""["w","JOB","EN2","TIME",-1]""")]
    [InlineData("""["w","JOB","EN2","TIME",4294967296]""")]
    [InlineData("""["w","JOB","EN2","TIME",1.5]""")]
    [InlineData("""["w","JOB","EN2","zz","NONCE"]""")]
    [InlineData("""["w","JOB","EN2","TIME","NONCE","zz"]""")]
    [InlineData("""["w","JOB","EN2","TIME","NONCE",{}]""")]
    [InlineData("""["w","JOB","","TIME","NONCE"]""")]
    [InlineData("""["w","JOB","EN200","TIME","NONCE"]""")]
    [InlineData("""["w","JOB","00","TIME","NONCE"]""")]
    [InlineData("""["w","JOB","000000000000000g","TIME","NONCE"]""")]
    [InlineData("""["w","JOB","000000000000001","TIME","NONCE"]""")]
    [InlineData("""["w","JOB",5,"TIME","NONCE"]""")]
    [InlineData("""["w",5,"EN2","TIME","NONCE"]""")]
    [InlineData("""[5,"JOB","EN2","TIME","NONCE"]""")]
    [InlineData("""[null,"JOB","EN2","TIME","NONCE"]""")]
    public async Task Submit_UnreadableField_20(string form)
    {
        await using var server = new TestServer();
        var rejected = new List<ShareEvent>();
        server.Server.ShareRejected += (_, share) => rejected.Add(share);
        await using var peer = await server.LoginAsync();
        Answers.IsError(20, await peer.CallAsync("mining.submit", Fill(form, peer.Solve())));
        await peer.DrainAsync();
        Assert.Equal(ShareVerdict.Malformed, Assert.Single(rejected).Share.Verdict);
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Submit_NumbersOfEveryLength_ReadAsNumbers(string driver)
    {
        await using var server = new TestServer(options => options.Difficulty = Difficulty.Floor());
        await using var peer = await server.LoginAsync(driver);
        for (var digits = 1; digits <= 8; digits++)
        {
            var least = digits == 1 ? 0u : 1u << (4 * (digits - 1));
            var share = FindFrom(peer, least, (ulong)digits);
            var text = Solver.Number(share.Nonce).ToString("x");
            Assert.Equal(digits, text.Length);
            Answers.IsTrue(await peer.CallAsync("mining.submit",
                $"""["w","{share.JobId}","{share.Extranonce2}","{share.Time}","{(digits % 2 == 0 ? text.ToUpperInvariant() : text)}"]"""));
        }
    }

    [Fact]
    public async Task Submit_TimeAndNonceAsJsonNumbers_Accepted()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var share = peer.Solve();
        Answers.IsTrue(await peer.CallAsync("mining.submit",
            $"""["w","{share.JobId}","{share.Extranonce2}",{Solver.Number(share.Time)},{Solver.Number(share.Nonce)},0]"""));
    }

    [Fact]
    public async Task Submit_BeforeSubscribe_25()
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync();
        Answers.IsError(25, await peer.CallAsync("mining.submit", """["w","1","0000000000000001","60000000","00000001"]"""));
        await peer.AuthorizeAsync();
        Answers.IsError(25, await peer.CallAsync("mining.submit", """["w","1","0000000000000001","60000000","00000001"]"""));
    }

    [Fact]
    public async Task Submit_BeforeAuthorize_21()
    {
        await using var server = new TestServer();
        var job = await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync();
        await peer.SubscribeAsync();
        Answers.IsError(21, await peer.CallAsync("mining.submit", $"""["w","{job.Id}","0000000000000001","60000000","00000001"]"""));
    }

    [Theory]
    [InlineData("nosuchjob")]
    [InlineData("")]
    [InlineData("\\u00e9\\ud83d\\ude00")]
    public async Task Submit_UnknownJob_21(string job)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var share = peer.Solve();
        Answers.IsError(21, await peer.SubmitAsync(share with { JobId = job }));
        Answers.IsTrue(await peer.SubmitAsync(share));
    }

    [Fact]
    public async Task Submit_JobOfTheTimeBeforeLogin_21()
    {
        await using var server = new TestServer();
        var old = await server.BroadcastAsync();
        await server.BroadcastAsync();
        await using var peer = await server.LoginAsync();
        Answers.IsError(21, await peer.SubmitAsync(peer.Solve() with { JobId = old.Id.Value }));
    }

    [Fact]
    public async Task Submit_UnknownNameOneWorker_AcceptedForThatOne()
    {
        await using var server = new TestServer();
        var workers = new List<string>();
        server.Server.ShareAccepted += (_, share) => workers.Add(share.Worker.Value);
        await using var peer = await server.LoginAsync(worker: "alice");
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(), "somebody"));
        await peer.DrainAsync();
        Assert.Equal(["alice"], workers);
    }

    [Fact]
    public async Task Submit_UnknownNameTwoWorkers_24()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(worker: "alice");
        await peer.AuthorizeAsync("bob");
        Assert.Equal(["alice", "bob"], Assert.Single(server.Server.Sessions).Workers.Select(worker => worker.Value));
        var share = peer.Solve();
        Answers.IsError(24, await peer.SubmitAsync(share, "somebody"));
        Answers.IsTrue(await peer.SubmitAsync(share, "bob"));
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(2), "alice"));
    }

    [Fact]
    public async Task Submit_NameWithEscapes_IsTheSameWorker()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(worker: "mün.1");
        await peer.AuthorizeAsync("other");
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(), "m\\u00fcn\\u002e1"));
        Answers.IsError(24, await peer.SubmitAsync(peer.Solve(2), "mun.1"));
    }

    [Fact]
    public async Task Submit_BelowTarget_23()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var low = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(1), Solver.Below(peer.Difficulty));
        Answers.IsError(23, await peer.SubmitAsync(low));
    }

    [Theory]
    [InlineData(-600, 0)]
    [InlineData(-601, 20)]
    [InlineData(7000, 0)]
    [InlineData(7001, 20)]
    public async Task Submit_TimeWindow_FromMinTimeTo7000Ahead(int offset, int code)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var answer = await peer.SubmitAsync(peer.Solve(time: (uint)(server.Now + offset)));
        if (code == 0)
            Answers.IsTrue(answer);
        else
            Answers.IsError(code, answer);
    }

    [Fact]
    public async Task Submit_TimeWindow_MovesWithTheClock()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var share = peer.Solve(time: server.Now + 7001);
        Answers.IsError(20, await peer.SubmitAsync(share));
        server.Pass(1);
        Answers.IsTrue(await peer.SubmitAsync(share));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Submit_AfterNewTip_Stale21(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(driver);
        var share = peer.Solve();
        await server.BroadcastAsync(tip: 2);
        Answers.IsError(21, await peer.SubmitAsync(share));
        await peer.DrainAsync();
        Assert.True(peer.Job!.Clean);
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
    }

    [Fact]
    public async Task Submit_OlderJobOfTheSameTip_Accepted()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var share = peer.Solve();
        await server.BroadcastAsync();
        await peer.DrainAsync();
        Assert.False(peer.Job!.Clean);
        Assert.NotEqual(share.JobId, peer.Job.JobId);
        Answers.IsTrue(await peer.SubmitAsync(share));
    }

    [Fact]
    public async Task Submit_JobWithoutCoin_UnjudgedGoesToTheHandler()
    {
        await using var server = new TestServer();
        var seen = new List<ShareVerdict>();
        server.Server.OnSubmit((_, share) =>
        {
            seen.Add(share.Verdict);
            return share.Nonce == 1;
        });
        var template = Work.NewJob(server.Now);
        await server.Server.BroadcastAsync(new Job
        {
            PreviousBlock = template.PreviousBlock,
            Coinbase1 = template.Coinbase1,
            Coinbase2 = template.Coinbase2,
            Version = 1,
            Bits = template.Bits,
            Time = template.Time,
        });
        await using var peer = await server.LoginAsync();
        Answers.IsTrue(await peer.CallAsync("mining.submit", $"""["w","{peer.Job!.JobId}","0000000000000001","60000000","00000001"]"""));
        Answers.IsError(20, await peer.CallAsync("mining.submit", $"""["w","{peer.Job.JobId}","0000000000000001","60000000","00000002"]"""));
        Assert.Equal([ShareVerdict.Unjudged, ShareVerdict.Unjudged], seen);
    }

    [Fact]
    public async Task Submit_NotifyWrittenRaw_UnjudgedNever21()
    {
        await using var server = new TestServer();
        server.Server.OnSubmit((_, share) => share.Verdict == ShareVerdict.Unjudged && share.JobId.Value == "raw");
        await using var peer = await server.LoginAsync();
        Answers.IsError(20, await peer.CallAsync("mining.submit", """["w","raw","0000000000000001","60000000","00000001"]"""));
        await Assert.Single(server.Server.Sessions).NotifyAsync("mining.notify",
            """["raw","0000000000000000000000000000000000000000000000000000000000000000","00","00",[],"1","1d00ffff","60000000",true]""");
        await peer.WaitForAsync("mining.notify");
        Answers.IsTrue(await peer.CallAsync("mining.submit", """["w","raw","0000000000000001","60000000","00000001"]"""));
    }

    private static string Fill(string form, Solution share) => form
        .Replace("JOB", share.JobId)
        .Replace("EN2", share.Extranonce2)
        .Replace("TIMEUP", share.Time.ToUpperInvariant())
        .Replace("TIME", share.Time)
        .Replace("NONCEUP", share.Nonce.ToUpperInvariant())
        .Replace("NONCESHORT", Solver.Number(share.Nonce).ToString("x"))
        .Replace("NONCE", share.Nonce);

    private static Solution FindFrom(TestPeer peer, uint least, ulong extranonce2) =>
        Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(extranonce2), Solver.Above(peer.Difficulty), from: least);
}
