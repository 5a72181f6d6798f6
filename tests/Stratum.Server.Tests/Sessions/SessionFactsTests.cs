using System.Net;

namespace Stratum.Server.Tests;

/// <summary>What is known of one connection, and what your code keeps with it.</summary>
public sealed class SessionFactsTests
{
    [Fact]
    public async Task LastActivity_MiningMovesIt_NothingElseDoes()
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync();
        await peer.CallAsync("mining.ping");
        var session = Assert.Single(server.Server.Sessions);
        Assert.Equal(server.Time.GetUtcNow(), session.ConnectedAt);
        Assert.Equal(session.ConnectedAt, session.LastActivity);

        await MovesAsync(true, peer.SubscribeAsync);
        await MovesAsync(true, () => peer.AuthorizeAsync());
        await MovesAsync(false, () => peer.CallAsync("mining.ping"));
        await MovesAsync(false, () => peer.CallAsync("no.such.method"));
        await MovesAsync(false, () => peer.CallAsync("mining.submit", """["w","nojob","00","00","00"]"""));
        await MovesAsync(false, () => peer.CallAsync("mining.authorize", """[""]"""));
        // Refused or not: it was work on a job.
        var share = peer.Solve();
        await MovesAsync(true, () => peer.SubmitAsync(share));
        await MovesAsync(true, () => peer.SubmitAsync(share));
        server.Pass(30);
        Assert.Equal(TimeSpan.FromSeconds(30), server.Time.GetUtcNow() - session.LastActivity);

        async Task MovesAsync(bool moves, Func<Task> act)
        {
            server.Pass(1);
            var before = session.LastActivity;
            await act();
            Assert.Equal(moves ? server.Time.GetUtcNow() : before, session.LastActivity);
        }
    }

    [Fact]
    public async Task Session_ByItsId_IsSentToAlone()
    {
        await using var server = new TestServer();
        await using var one = await server.LoginAsync(Drivers.Loop);
        await using var two = await server.LoginAsync(Drivers.Loop);
        Assert.Equal([1, 2], server.Server.Sessions.Select(session => session.Id).Order());
        var session = server.Server.FindSession(2)!;
        Assert.Equal(IPAddress.Loopback, Assert.IsType<IPEndPoint>(session.RemoteEndPoint).Address);
        await session.NotifyAsync("client.show_message", """["only you"]""");
        Assert.Equal("only you", (await two.WaitForAsync("client.show_message")).GetProperty("params")[0].GetString());
        Assert.DoesNotContain("client.show_message", (await one.DrainAsync()).Methods());
        Assert.Equal(2, await server.Server.BroadcastAsync("client.show_message", """["all"]"""));
        await two.EndAsync();
        await two.ReadToEndAsync();
        await Answers.BecomesTrueAsync(() => server.Server.FindSession(2) is null);
        Assert.Equal(1, await server.Server.BroadcastAsync("client.show_message", """["all"]"""));
    }

    [Fact]
    public async Task Tag_SetInAHandler_IsThereInAllOthers()
    {
        await using var server = new TestServer();
        server.Server.OnSubscribe((session, request) =>
        {
            session.Tag = request.UserAgent;
            return new Mining.Subscription(session.NextExtranonce1());
        });
        var seen = new List<object?>();
        server.Server.OnAuthorize((session, _) =>
        {
            seen.Add(session.Tag);
            return true;
        });
        server.Server.OnSubmit((session, share) =>
        {
            seen.Add(session.Tag);
            return share.Verdict;
        });
        await using var peer = await server.LoginAsync();
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        Assert.Equal(["test/1", "test/1"], seen);
    }
}
