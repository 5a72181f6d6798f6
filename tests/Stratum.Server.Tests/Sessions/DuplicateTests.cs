using Stratum.Mining;

namespace Stratum.Server.Tests;

public sealed class DuplicateTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Submit_SameShareInEveryDisguise_22(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(driver);
        await peer.AuthorizeAsync("second");
        // A nonce with a letter and a leading zero, so that case and padding differ.
        var share = Solver.Find(peer.Job!, peer.Extranonce1, "0a0b0c0d0e0f0001", hash => Solver.Above(peer.Difficulty)(hash), from: 0xabcdef);
        Answers.IsTrue(await peer.SubmitAsync(share));
        var nonce = Solver.Number(share.Nonce);
        foreach (var disguise in new[]
        {
            share.Parameters(),
            share.Parameters("second"),
            $"""["w","{share.JobId}","{share.Extranonce2.ToUpperInvariant()}","{share.Time}","{share.Nonce}"]""",
            $"""["w","{share.JobId}","{share.Extranonce2}","{share.Time.ToUpperInvariant()}","{share.Nonce.ToUpperInvariant()}"]""",
            $"""["w","{share.JobId}","{share.Extranonce2}","{share.Time}","{nonce:x}"]""",
            $"""["w","{share.JobId}","{share.Extranonce2}","{share.Time}",{nonce}]""",
            $"""["w","{share.JobId}","{share.Extranonce2}","{share.Time}","{share.Nonce}","00000000"]""",
            $"""["w","{share.JobId}","{share.Extranonce2}","{share.Time}","{share.Nonce}","0","x","y"]""",
            $"""[ "\u0077" , "{share.JobId}","{share.Extranonce2}","{share.Time}","{share.Nonce}"]""",
        })
            Answers.IsError(22, await peer.CallAsync("mining.submit", disguise));
        Assert.Equal(1, Assert.Single(server.Server.Sessions).Accepted);
    }

    [Fact]
    public async Task Submit_SameShareFromASessionWithTheSameExtranonce1_22()
    {
        await using var server = new TestServer();
        var extranonce = new Extranonce([1, 2, 3, 4]);
        server.Server.OnSubscribe((_, _) => new Subscription(extranonce));
        await using var one = await server.LoginAsync();
        await using var two = await server.LoginAsync();
        Assert.Equal("01020304", two.Extranonce1);
        var share = one.Solve();
        Answers.IsTrue(await one.SubmitAsync(share));
        Answers.IsError(22, await two.SubmitAsync(share));
    }

    [Fact]
    public async Task Submit_SameWorkUnderAnotherJobId_22()
    {
        await using var server = new TestServer();
        var first = Work.NewJob(server.Now);
        await server.Server.BroadcastAsync(first);
        await using var peer = await server.LoginAsync();
        var share = peer.Solve();
        Answers.IsTrue(await peer.SubmitAsync(share));
        await server.Server.BroadcastAsync(new Job
        {
            Coin = first.Coin,
            PreviousBlock = first.PreviousBlock,
            Coinbase1 = first.Coinbase1,
            Coinbase2 = first.Coinbase2,
            MerkleBranch = first.MerkleBranch,
            Version = first.Version,
            VersionMask = first.VersionMask,
            Bits = first.Bits,
            Time = first.Time,
        });
        await peer.DrainAsync();
        Assert.NotEqual(share.JobId, peer.Job!.JobId);
        Answers.IsError(22, await peer.SubmitAsync(share with { JobId = peer.Job.JobId }));
    }

    [Fact]
    public async Task Submit_RefusedShareAgain_RefusedForTheSameReason()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var low = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(1), Solver.Below(peer.Difficulty));
        Answers.IsError(23, await peer.SubmitAsync(low));
        Answers.IsError(23, await peer.SubmitAsync(low));
    }
}
