using System.Net;
using System.Net.Sockets;
using System.Text;
using Stratum.Mining;

namespace Stratum.Server.Tests;

public abstract class ListenerTests(string driver)
{
    [Fact]
    public async Task Start_PortInUse_IOExceptionThatNamesThePortOption()
    {
        await using var first = new TestServer { Driver = driver };
        await first.StartAsync();
        await using var second = new StratumServer(new StratumServerOptions { Port = first.Server.Port });
        var error = await Assert.ThrowsAsync<IOException>(() => second.StartAsync());
        Assert.Contains("--port", error.Message);
        Assert.Contains(first.Server.Port.ToString(), error.Message);
        Assert.Empty(second.EndPoints);
    }

    [Fact]
    public async Task Start_OneOfTwoPortsInUse_NeitherListens()
    {
        await using var first = new TestServer { Driver = driver };
        await first.StartAsync();
        var options = new StratumServerOptions();
        options.Listen.Add(new IPEndPoint(IPAddress.Loopback, 0));
        options.Listen.Add(new IPEndPoint(IPAddress.Loopback, first.Server.Port));
        await using var second = new StratumServer(options);
        await Assert.ThrowsAsync<IOException>(() => second.StartAsync());
        Assert.Empty(second.EndPoints);
        Assert.Throws<InvalidOperationException>(() => second.Port);
    }

    [Fact]
    public async Task EndPoints_ReadWhileItStartsAndStops_AreAllOrNone()
    {
        var options = new StratumServerOptions { TooBusy = null };
        for (var i = 0; i < 8; i++)
            options.Listen.Add(new IPEndPoint(IPAddress.Loopback, 0));
        await using var server = new StratumServer(options);
        using var over = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
                Assert.True(server.EndPoints.ToArray() is { Length: 0 or 8 });
        });
        for (var i = 0; i < 10; i++)
        {
            await server.StartAsync();
            Assert.Same(server.EndPoints, server.EndPoints);
            await server.StopAsync();
        }
        await over.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_SaysSo()
    {
        await using var server = new StratumServer(new StratumServerOptions { Address = IPAddress.Parse("192.0.2.1"), Port = 0 });
        var error = await Assert.ThrowsAsync<IOException>(() => server.StartAsync());
        Assert.Contains("192.0.2.1", error.Message);
    }

    [Fact]
    public async Task Listen_SeveralEndPoints_AllServe()
    {
        await using var server = new TestServer(options =>
        {
            options.Listen.Add(new IPEndPoint(IPAddress.Loopback, 0));
            options.Listen.Add(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }) { Driver = driver };
        await server.StartAsync();
        Assert.Equal(2, server.Server.EndPoints.Count);
        foreach (var endPoint in server.Server.EndPoints)
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint);
            await using var peer = TestPeer.Over(new NetworkStream(socket), socket);
            await peer.CallAsync("mining.ping");
            Assert.Equal(endPoint, Assert.Single(server.Server.Sessions, one => Equals(one.LocalEndPoint, endPoint)).LocalEndPoint);
        }
    }

    [Fact]
    public async Task RemoteEndPoint_MappedIPv6_Unmapped()
    {
        await using var server = new TestServer(options => options.Listen.Add(new IPEndPoint(IPAddress.IPv6Any, 0))) { Driver = driver };
        await using var peer = await server.ConnectAsync(driver);
        await peer.CallAsync("mining.ping");
        var remote = Assert.IsType<IPEndPoint>(Assert.Single(server.Server.Sessions).RemoteEndPoint);
        Assert.Equal(IPAddress.Loopback, remote.Address);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Caps_Reached_BusyAndReset(bool perAddress)
    {
        await using var server = new TestServer(options =>
        {
            if (perAddress)
                options.Limits.MaxConnectionsPerAddress = 2;
            else
                options.Limits.MaxConnections = 2;
        }) { Driver = driver };
        var busy = new TaskCompletionSource<BusyEvent>();
        server.Server.Busy += (_, told) => busy.TrySetResult(told);
        await using var one = await server.ConnectAsync(driver);
        using var silent = await server.ConnectSocketAsync();
        await one.CallAsync("mining.ping");
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 2);
        Assert.True(await server.IsRefusedAsync());
        var told = await busy.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var reason = perAddress ? BusyReason.ConnectionsOfAddress : BusyReason.Connections;
        Assert.Equal(new BusyEvent(IPAddress.Loopback, reason, 2, TimeSpan.Zero), told);
        silent.Dispose();
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        await using var three = await server.ConnectAsync(driver);
        await three.CallAsync("mining.ping");
    }

    [Theory]
    [InlineData("G")]
    [InlineData("OPTION")]
    [InlineData("P")]
    public async Task FirstBytes_HalfAnHttpMethodAndSilence_ClosedByTheDeadline(string start)
    {
        await using var server = new TestServer { Driver = driver };
        await using var peer = await server.ConnectAsync(driver);
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(start));
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        server.Pass(14);
        Assert.Equal(1, server.Server.ConnectionCount);
        // The deadline may begin a moment after the connection was counted.
        await Answers.BecomesTrueAsync(() =>
        {
            server.Pass(2);
            return server.Server.ConnectionCount == 0;
        });
        Assert.Null(await peer.ReadLineAsync());
    }

    [Theory]
    [InlineData("GE")]
    [InlineData("POS")]
    [InlineData("{")]
    public async Task FirstBytes_ThatTurnOutToBeALine_ReachTheSession(string start)
    {
        await using var server = new TestServer { Driver = driver };
        var errors = 0;
        server.Server.ProtocolError += (_, _) => Interlocked.Increment(ref errors);
        await using var peer = await server.ConnectAsync(driver);
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(start));
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        await peer.SendRawAsync("!!!!!!!!\n"u8.ToArray());
        await peer.CallAsync("mining.ping");
        Assert.Equal(1, errors);
    }

    [Fact]
    public async Task Stop_AnswersWhatWasReceived()
    {
        await using var server = new TestServer { Driver = driver };
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        server.Server.Map("slow", async (int n) =>
        {
            entered.TrySetResult();
            await release.Task;
            return n;
        });
        var reasons = new List<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => reasons.Add(end.Reason);
        await using var idle = await server.LoginAsync(driver);
        await using var peer = await server.ConnectAsync(driver);
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 100).Select(n => $$"""{"id":{{n}},"method":"slow","params":[{{n}}]}""" + "\n"))));
        await entered.Task;
        var stopping = server.Server.StopAsync();
        Assert.Null(await idle.ReadLineAsync());
        release.SetResult();
        for (var n = 0; n < 100; n++)
            Assert.Equal($$"""{"id":{{n}},"result":{{n}},"error":null}""", await peer.ReadLineAsync());
        Assert.Null(await peer.ReadLineAsync());
        await stopping;
        Assert.Empty(server.Server.Sessions);
        Assert.Equal([DisconnectReason.ServerStopping, DisconnectReason.ServerStopping], reasons);
    }

    [Fact]
    public async Task Stop_MoreReceivedThanABufferHolds_AllIsAnswered()
    {
        // All of it, however slow this machine is.
        await using var server = new TestServer(options => options.Limits.StopTimeout = TimeSpan.FromSeconds(60)) { Driver = driver };
        server.Server.MostRest = TimeSpan.FromSeconds(60);
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        server.Server.Map("slow", async () =>
        {
            entered.TrySetResult();
            await release.Task;
            return 0;
        });
        await using var peer = await server.ConnectAsync(driver);
        // 600 KB: the kernel holds most of it while the first request waits for its handler.
        const int Pings = 600;
        var padding = new string('x', 1000);
        await peer.SendRawAsync(Encoding.ASCII.GetBytes("{\"id\":0,\"method\":\"slow\"}\n"
            + string.Concat(Enumerable.Range(1, Pings).Select(n => $$"""{"id":{{n}},"method":"mining.ping","params":["{{padding}}"]}""" + "\n"))));
        await entered.Task;
        var stopping = server.Server.StopAsync();
        release.SetResult();
        for (var n = 0; n <= Pings; n++)
            Assert.StartsWith($$"""{"id":{{n}},"result":""", await peer.ReadLineAsync());
        Assert.Null(await peer.ReadLineAsync());
        await stopping;
    }

    [Fact]
    public async Task Stop_TransportIsSlowToRead_WhatTheKernelHoldsIsAnswered()
    {
        await using var server = new TestServer { Driver = driver };
        server.Server.MostRest = TimeSpan.FromSeconds(10);
        var (ours, theirs) = MemoryPipe.Pair();
        var asked = 0;
        var serving = server.Server.RunSessionAsync(theirs, null, null, false, () => { }, () =>
        {
            // The bytes reach the pipe only after some quiet times.
            if (++asked == 3)
                _ = ours.Output.WriteAsync("{\"id\":1,\"method\":\"mining.ping\"}\n"u8.ToArray()).AsTask();
            return asked <= 3;
        }, CancellationToken.None);
        await using var peer = new TestPeer(ours.Input, ours.Output, serving);
        var stopping = server.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("pong", (await peer.AnswerAsync(1)).GetProperty("result").GetString());
        await stopping;
    }

    [Fact]
    public async Task Stop_HandlerThatNeverAnswers_EndsAfterTheTimeout()
    {
        await using var server = new TestServer(options => options.Limits.StopTimeout = TimeSpan.FromMilliseconds(200)) { Driver = driver };
        var entered = new TaskCompletionSource();
        server.Server.Map("never", () =>
        {
            entered.TrySetResult();
            return new TaskCompletionSource<int>().Task;
        });
        await using var peer = await server.ConnectAsync(driver);
        await peer.SendAsync("""{"id":1,"method":"never"}""");
        await entered.Task;
        await server.Server.StopAsync();
        Assert.Null(await peer.ReadLineAsync());
        Assert.Empty(server.Server.Sessions);
    }

    [Fact]
    public async Task StartAndStop_Twice_ServesAgain()
    {
        await using var server = new TestServer { Driver = driver };
        await server.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Server.StartAsync());
        for (var i = 0; i < 2; i++)
        {
            await using (var peer = await server.LoginAsync(driver))
            {
                Answers.IsTrue(await peer.SubmitAsync(peer.Solve((ulong)i)));
                await server.Server.StopAsync();
                Assert.Null(await peer.ReadLineAsync());
            }
            await server.Server.StopAsync();
            Assert.Empty(server.Server.EndPoints);
            await server.Server.StartAsync();
        }
    }

    [Fact]
    public async Task Restart_OnTheSamePortAtOnce_Listens()
    {
        await using var server = new TestServer { Driver = driver };
        await using (var peer = await server.LoginAsync(driver))
        {
            var port = server.Server.Port;
            // The server closes first, so its side of the connection lingers in TIME_WAIT.
            await server.Server.StopAsync();
            await using var next = new StratumServer(new StratumServerOptions { Port = port });
            await next.StartAsync();
            Assert.Equal(port, next.Port);
        }
    }
}

public sealed class ListenerOverPipe() : ListenerTests(Drivers.Pipe);
public sealed class ListenerOverLoop() : ListenerTests(Drivers.Loop);
public sealed class ListenerOverInlineLoop() : ListenerTests(Drivers.InlineLoop);
