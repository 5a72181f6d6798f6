namespace Stratum.Server.Tests;

public sealed class TimeTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task KeepAlive_NothingSent_SameWorkAnewWithin50Seconds(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(driver);
        var old = peer.Job!;
        server.Pass(44);
        Assert.Empty(await peer.DrainAsync());
        server.Pass(44);
        Assert.Empty(peer.Notifications.Skip(2));
        server.Pass(6);
        await peer.WaitForAsync("mining.notify");
        Assert.Equal(["mining.set_difficulty", "mining.notify", "mining.notify"], peer.Notifications.Methods());
        Assert.False(peer.Job!.Clean);
        Assert.NotEqual(old.JobId, peer.Job.JobId);
        Assert.NotEqual(old.Coinbase1 + old.Coinbase2, peer.Job.Coinbase1 + peer.Job.Coinbase2);
        Assert.Equal(old.PreviousHash, peer.Job.PreviousHash);
        Assert.Equal(server.Now - 5, Solver.Number(peer.Job.Time), 6d);
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(2, old)));
    }

    [Fact]
    public async Task KeepAlive_WorkThatCannotBeMadeAnew_Ping()
    {
        await using var server = new TestServer();
        await using var peer = await server.ConnectAsync();
        await peer.SubscribeAsync();
        await peer.AuthorizeAsync();
        server.Pass(50);
        var ping = await peer.WaitForAsync("mining.ping");
        await peer.SendAsync($$"""{"id":{{ping.GetProperty("id").GetRawText()}},"result":"pong","error":null}""");
        Assert.Empty(await peer.DrainAsync());
    }

    [Theory]
    [MemberData(nameof(Drivers.Sockets), MemberType = typeof(Drivers))]
    public async Task AuthorizeTimeout_ClosesWhoOnlySubscribed(string driver)
    {
        await using var server = new TestServer();
        var reasons = Reasons(server);
        await using var peer = await server.ConnectAsync(driver);
        await peer.SubscribeAsync();
        server.Pass(60);
        await peer.CallAsync("mining.ping");
        server.Pass(1);
        Assert.Null(await peer.ReadLineAsync());
        await Answers.BecomesTrueAsync(() => reasons.Count > 0);
        Assert.Equal([DisconnectReason.AuthorizeTimeout], reasons);
    }

    [Fact]
    public async Task IdleTimeout_ClosesWhoSendsNothing()
    {
        await using var server = new TestServer(options => options.Limits.IdleTimeout = TimeSpan.FromSeconds(100));
        var reasons = Reasons(server);
        await using var idle = await server.LoginAsync();
        await using var busy = await server.LoginAsync();
        server.Pass(60);
        await busy.CallAsync("mining.ping");
        server.Pass(50);
        await idle.ReadToEndAsync();
        await Answers.BecomesTrueAsync(() => reasons.Count > 0);
        Assert.Equal([DisconnectReason.IdleTimeout], reasons);
        await busy.CallAsync("mining.ping");
    }

    [Theory]
    [InlineData(true, Drivers.Pipe)]
    [InlineData(false, Drivers.Pipe)]
    [InlineData(true, Drivers.Loop)]
    [InlineData(false, Drivers.Loop)]
    [InlineData(false, Drivers.InlineLoop)]
    public async Task HandlerTimeout_HandlerNeverReturns_Closed(bool blocks, string driver)
    {
        using var release = new ManualResetEventSlim();
        var never = new TaskCompletionSource<bool>();
        await using var server = new TestServer(options => options.Limits.StopTimeout = TimeSpan.FromSeconds(2));
        var reasons = Reasons(server);
        var entered = new TaskCompletionSource();
        server.Server.OnAuthorize(async (_, _) =>
        {
            entered.TrySetResult();
            if (blocks)
                release.Wait();
            return await never.Task;
        });
        await using var other = await server.ConnectAsync(driver);
        await using var peer = await server.ConnectAsync(driver);
        await peer.SubscribeAsync();
        await peer.SendAsync("""{"id":1,"method":"mining.authorize","params":["w","x"]}""");
        await entered.Task;
        Assert.Equal("pong", (await other.CallAsync("mining.ping")).GetProperty("result").GetString());
        server.Pass(30);
        Assert.Empty(reasons);
        server.Pass(1);
        server.Pass(3);
        Assert.Null(await peer.ReadLineAsync());
        Assert.Equal("pong", (await other.CallAsync("mining.ping")).GetProperty("result").GetString());
        release.Set();
        await Answers.BecomesTrueAsync(() => reasons.Count > 0);
        Assert.Equal([DisconnectReason.HandlerTimeout], reasons);
    }

    [Fact]
    public async Task Closed_Token_IsCancelledWhenTheSessionEnds()
    {
        await using var server = new TestServer();
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        server.Server.OnAuthorize(async (session, _) =>
        {
            session.Closed.Register(() => cancelled.TrySetResult());
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, session.Closed);
            return true;
        });
        await using var peer = await server.ConnectAsync();
        await peer.SendAsync("""{"id":1,"method":"mining.authorize","params":["w","x"]}""");
        await entered.Task;
        server.Pass(31);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await peer.ReadToEndAsync();
        await peer.Serving;
        Assert.Empty(server.Server.Sessions);
    }

    private static List<DisconnectReason> Reasons(TestServer server)
    {
        var reasons = new List<DisconnectReason>();
        server.Server.SessionClosed += (_, closed) => reasons.Add(closed.Reason);
        return reasons;
    }
}
