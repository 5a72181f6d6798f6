using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Stratum.Server.Tests;

/// <summary>Peers that go, or do not read, whatever the connection is at.</summary>
public abstract class PeerTroubleTests(string driver)
{
    public static TheoryData<string, bool> EveryState
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var state in new[] { "silent", "half a method", "HTTP", "session", "handler", "window full", "closing" })
                foreach (var reset in new[] { false, true })
                    all.Add(state, reset);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public async Task Peer_GoesInAnyState_LeavesNothingBehindAndHindersNobody(string state, bool reset)
    {
        await using var server = new TestServer(options => options.Limits.MaxOutputBytes = 64 * 1024 * 1024) { Driver = driver };
        var release = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        server.Server.Map("slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return 1;
        });
        await using var honest = await server.LoginAsync(driver);
        using var socket = await server.ConnectSocketAsync(receiveBuffer: 4096);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 2);
        switch (state)
        {
            case "half a method":
                await SendAsync(socket, "GE");
                break;
            case "HTTP":
                await SendAsync(socket, "GET / HTTP/1.1\r\n");
                break;
            case "session":
                await SendAsync(socket, "{\"id\":1,\"method\":\"mining.ping\"}\n");
                await socket.ReceiveAsync(new byte[100]);
                break;
            case "handler":
                await SendAsync(socket, "{\"id\":1,\"method\":\"slow\"}\n");
                await entered.Task;
                break;
            case "window full":
                await FillAsync(server, socket, 8000);
                break;
            case "closing":
                (await FillAsync(server, socket, 8000)).Close();
                break;
        }
        if (reset)
            socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        release.SetResult();
        // Kestrel's sockets do not tell of an end behind bytes that are only peeked at: the deadline does.
        if (driver == Drivers.Pipe && state == "half a method")
            server.Pass(16);
        await Answers.BecomesTrueAsync(() => server.Server is { ConnectionCount: 1, Sessions.Count: 1 }, "the end of the one that went");
        Answers.IsTrue(await honest.SubmitAsync(honest.Solve()));
    }

    [Fact]
    public async Task Reset_BetweenFirstBytesAndTakeover_SessionEndsAsLost()
    {
        await using var server = new TestServer { Driver = driver };
        var reasons = new TaskCompletionSource<DisconnectReason>();
        var socket = await server.ConnectSocketAsync();
        server.Server.SessionOpened += (_, _) =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        };
        server.Server.SessionClosed += (_, end) => reasons.TrySetResult(end.Reason);
        await SendAsync(socket, "{\"id\":1,\"method\":\"mining.ping\"}\n");
        Assert.Equal(DisconnectReason.ConnectionLost, await reasons.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await Answers.BecomesTrueAsync(() => server.Server is { ConnectionCount: 0, Sessions.Count: 0 });
    }

    [Fact]
    public async Task Window_FullForMinutes_AllArrivesInOrderAndOfTheJobsTheNewest()
    {
        const int Messages = 8000;
        await using var server = new TestServer(options =>
        {
            options.Limits.MaxOutputBytes = 64 * 1024 * 1024;
            options.Limits.WriteTimeout = TimeSpan.FromMinutes(10);
        }) { Driver = driver };
        await using var honest = await server.LoginAsync(driver);
        using var deaf = await server.ConnectSocketAsync(receiveBuffer: 4096);
        await SendAsync(deaf, "{\"id\":1,\"method\":\"mining.subscribe\"}\n{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w\",\"x\"]}\n");
        await Answers.BecomesTrueAsync(() => server.Server.Sessions.Count(one => one.Outbound.JobsTaken > 0) == 2);
        await FillAsync(server, deaf, Messages);
        for (byte minute = 2; minute < 8; minute++)
        {
            var job = await server.BroadcastAsync(minute);
            while (honest.Job!.JobId != job.Id.ToString())
                await honest.WaitForAsync("mining.notify");
            server.Pass(60);
            Answers.IsTrue(await honest.SubmitAsync(honest.Solve(minute)));
        }
        Assert.Equal(2, server.Server.Sessions.Count);
        // Silent sessions got their work anew meanwhile, and not all the same: this one is for all.
        var newest = (await server.BroadcastAsync(9)).Id.ToString();

        var (number, jobs) = (0, 0);
        await using var stream = new NetworkStream(deaf);
        using var reader = new StreamReader(stream);
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            using var message = JsonDocument.Parse(line!);
            var method = message.RootElement.TryGetProperty("method", out var name) ? name.GetString() : "";
            if (method == "client.show_message")
                Assert.StartsWith($"{number++} ", message.RootElement.GetProperty("params")[0].GetString());
            if (method != "mining.notify")
                continue;
            jobs++;
            if (message.RootElement.GetProperty("params")[0].GetString() == newest)
                break;
        }
        Assert.Equal(Messages, number);
        // The one of the login, and perhaps one that went with the last bytes that the kernel took.
        Assert.InRange(jobs, 2, 3);
    }

    [Fact]
    public async Task Handler_Throws_AnsweredAndNobodyElseIsHindered()
    {
        await using var server = new TestServer { Driver = driver, ExpectFailures = true };
        server.Server.Map("boom", int () => throw new InvalidOperationException("boom"));
        await using var peer = await server.LoginAsync(driver);
        await using var other = await server.LoginAsync(driver);
        Answers.IsError(20, await peer.CallAsync("boom"));
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        Answers.IsTrue(await other.SubmitAsync(other.Solve()));
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    // More than the kernel takes for a peer that does not read.
    private static async Task<StratumSession> FillAsync(TestServer server, Socket socket, int messages)
    {
        await SendAsync(socket, "{\"id\":1,\"method\":\"mining.ping\"}\n");
        await Answers.BecomesTrueAsync(() => server.Server.Sessions.Count == 2);
        var session = server.Server.Sessions.MaxBy(one => one.Id)!;
        for (var i = 0; i < messages; i++)
            await session.ShowMessageAsync($"{i} {new string('x', 1000)}");
        return session;
    }
}

public sealed class PeerTroubleOverPipe() : PeerTroubleTests(Drivers.Pipe);
public sealed class PeerTroubleOverLoop() : PeerTroubleTests(Drivers.Loop);
public sealed class PeerTroubleOverInlineLoop() : PeerTroubleTests(Drivers.InlineLoop);
