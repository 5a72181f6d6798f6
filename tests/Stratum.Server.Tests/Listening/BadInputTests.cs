using System.Net.Sockets;
using System.Text;
using Stratum.Mining;

namespace Stratum.Server.Tests;

/// <summary>What hostile, broken and dead peers do, over real sockets.</summary>
public abstract class BadInputTests(string driver)
{
    [Fact]
    public async Task Line_InPiecesOfOneByte_Answered()
    {
        await using var server = new TestServer { Driver = driver };
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync(driver);
        foreach (var letter in """{"id":1,"method":"mining.subscribe","params":["a\u00e9b"]}""" + "\n")
            await peer.SendRawAsync(new[] { (byte)letter });
        Assert.StartsWith("""{"id":1,"result":[[""", await peer.ReadLineAsync());
        Assert.Equal("aéb", Assert.Single(server.Server.Sessions).UserAgent);
        await peer.LoginAsync();
        foreach (var letter in $$"""{"id":5,"method":"mining.submit","params":{{peer.Solve().Parameters()}}}""" + "\n")
            await peer.SendRawAsync(new[] { (byte)letter });
        Answers.IsTrue(await peer.AnswerAsync(5));
    }

    [Fact]
    public async Task Submits_20000InOneWrite_AllAnsweredInOrderThoughNothingIsRead()
    {
        const int Count = 20_000;
        await using var server = new TestServer { Driver = driver };
        await using var peer = await server.LoginAsync(driver);
        var good = peer.Solve();
        var text = new StringBuilder();
        for (var id = 0; id < Count; id++)
            text.Append($$"""{"id":{{id}},"method":"mining.submit","params":{{(id % 2 == 0 ? good : good with { JobId = "unknown" }).Parameters()}}}""").Append('\n');
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(text.ToString()));
        for (var id = 0; id < Count; id++)
        {
            var answer = await peer.ReadAsync();
            Assert.Equal(id, answer.GetProperty("id").GetInt32());
            if (id == 0)
                Answers.IsTrue(answer);
            else
                Answers.IsError(id % 2 == 0 ? 22 : 21, answer);
        }
    }

    [Fact]
    public async Task Line_10MBWithoutItsEnd_Closed()
    {
        await using var server = new TestServer { Driver = driver };
        var closed = new TaskCompletionSource<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => closed.TrySetResult(end.Reason);
        using var socket = await server.ConnectSocketAsync();
        var chunk = new byte[64 * 1024];
        chunk.AsSpan().Fill((byte)'a');
        try
        {
            for (var sent = 0; sent < 10_000_000; sent += chunk.Length)
                await socket.SendAsync(chunk).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (SocketException)
        {
            // Closed before all was sent.
        }
        Assert.Equal(DisconnectReason.LineTooLong, await closed.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(16 * 1024, false)]
    [InlineData(16 * 1024 + 1, true)]
    public async Task Line_AtTheLimit_LongestIsReadAndOneMoreIsNot(int length, bool closed)
    {
        await using var server = new TestServer { Driver = driver };
        await using var peer = await server.ConnectAsync(driver);
        var line = """{"id":1,"method":"mining.ping","params":[" "]}""";
        await peer.SendAsync(line.Replace(" ", new string(' ', length - line.Length + 1)));
        if (closed)
            Assert.Null(await peer.ReadLineAsync());
        else
            Assert.Equal("""{"id":1,"result":"pong","error":null}""", await peer.ReadLineAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{\"id\":1,\"method\":\"mining.ping\"} x")]
    [InlineData("[]")]
    [InlineData("[{\"id\":1,\"method\":\"mining.ping\"}]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("true")]
    [InlineData("{\"id\":1,\"method\":\"mining.ping\"\0}")]
    [InlineData("{\"id\":1,\"method\":5}")]
    [InlineData("{\"id\":1,\"method\":[]}")]
    [InlineData("{\"id\":1}")]
    [InlineData("{}")]
    [InlineData("{\"method\":\"\\ud800\",\"id\":1}")]
    [InlineData("GARBAGE")]
    [InlineData("{\"id\":1,\"method\":\"mining.ping\",\"params\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}")]
    public async Task Line_Malformed_IgnoredNineTimesThenClosed(string line)
    {
        await using var server = new TestServer { Driver = driver };
        var errors = new List<int>();
        server.Server.ProtocolError += (_, error) => errors.Add(error.Count);
        var closed = new TaskCompletionSource<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => closed.TrySetResult(end.Reason);
        await using var peer = await server.ConnectAsync(driver);
        for (var i = 0; i < 9; i++)
        {
            await peer.SendAsync(line);
            Assert.Equal("pong", (await peer.CallAsync("mining.ping")).GetProperty("result").GetString());
        }
        await peer.SendAsync(line);
        Assert.Null(await peer.ReadLineAsync());
        Assert.Equal(DisconnectReason.TooManyMalformedLines, await closed.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(Enumerable.Range(1, 10), errors);
    }

    [Fact]
    public async Task Line_InvalidUtf8_Malformed()
    {
        await using var server = new TestServer { Driver = driver };
        var errors = 0;
        server.Server.ProtocolError += (_, _) => Interlocked.Increment(ref errors);
        await using var peer = await server.ConnectAsync(driver);
        await peer.SendRawAsync(new byte[] { (byte)'{', 0xff, 0xfe, (byte)'}', (byte)'\n' });
        await peer.SendRawAsync(Encoding.Latin1.GetBytes("{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"\u00c3\u0028\",\"\"]}\n"));
        Assert.Equal("pong", (await peer.CallAsync("mining.ping")).GetProperty("result").GetString());
        Assert.Equal(2, errors);
    }

    [Fact]
    public async Task Line_CarriageReturnsNulsAndBlankLines_Skipped()
    {
        await using var server = new TestServer { Driver = driver };
        var errors = 0;
        server.Server.ProtocolError += (_, _) => errors++;
        await using var peer = await server.ConnectAsync(driver);
        for (var i = 0; i < 20; i++)
            await peer.SendRawAsync("\n\r\n \t\r\n\0\n"u8.ToArray());
        await peer.SendRawAsync("\0{\"id\":1,\"method\":\"mining.ping\"}\r\n"u8.ToArray());
        Assert.Equal("""{"id":1,"result":"pong","error":null}""", await peer.ReadLineAsync());
        Assert.Equal(0, errors);
    }

    [Theory]
    [InlineData("mining.authorize", "[]")]
    [InlineData("mining.authorize", "{}")]
    [InlineData("mining.authorize", "[5]")]
    [InlineData("mining.authorize", "[null,null]")]
    [InlineData("mining.authorize", "[[],{}]")]
    [InlineData("mining.authorize", "\"w\"")]
    [InlineData("mining.subscribe", "[5]")]
    [InlineData("mining.subscribe", "[[]]")]
    [InlineData("mining.subscribe", "[{}]")]
    [InlineData("mining.extranonce.subscribe", "{}")]
    [InlineData("mining.get_transactions", "{}")]
    [InlineData("mining.get_transactions", "[[]]")]
    [InlineData("mining.ping", "7")]
    public async Task Params_OfAWrongType_AnsweredOnceAndTheSessionGoesOn(string method, string parameters)
    {
        await using var server = new TestServer(options => options.AnswerTransactions = true) { Driver = driver };
        await using var peer = await server.ConnectAsync(driver);
        var answer = await peer.CallAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out _) && answer.TryGetProperty("error", out _), answer.ToString());
        if (method == "mining.authorize")
            Answers.IsError(20, answer);
        await peer.CallAsync("mining.ping");
    }

    [Fact]
    public async Task Names_TooLong_RefusedOrCut()
    {
        await using var server = new TestServer { Driver = driver };
        await using var peer = await server.ConnectAsync(driver);
        await peer.CallAsync("mining.subscribe", $"[\"{new string('a', 1000)}\"]");
        Assert.Equal(256, Assert.Single(server.Server.Sessions).UserAgent!.Length);
        Answers.IsError(24, await peer.AuthorizeAsync(new string('w', 257)));
        Answers.IsTrue(await peer.AuthorizeAsync(new string('w', 256)));
    }

    [Fact]
    public async Task Workers_MoreThanTheLimit_24()
    {
        await using var server = new TestServer(options => options.Limits.MaxWorkersPerSession = 3) { Driver = driver };
        await using var peer = await server.ConnectAsync(driver);
        for (var i = 0; i < 3; i++)
            Answers.IsTrue(await peer.AuthorizeAsync("w" + i));
        Answers.IsError(24, await peer.AuthorizeAsync("w3"));
        Answers.IsTrue(await peer.AuthorizeAsync("w1"));
    }

    [Fact]
    public async Task Peer_ThatNeverReads_ClosedByTheWriteTimeoutAndHindersNobody()
    {
        await using var server = new TestServer(options => options.Limits.MaxOutputBytes = 64 * 1024) { Driver = driver };
        var reasons = new List<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => reasons.Add(end.Reason);
        await using var honest = await server.LoginAsync(driver);
        using var deaf = await server.ConnectSocketAsync(receiveBuffer: 4096);
        await deaf.SendAsync("{\"id\":1,\"method\":\"mining.subscribe\"}\n{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w\",\"x\"]}\n"u8.ToArray());
        await Answers.BecomesTrueAsync(() => server.Server.Sessions.Count(session => session.IsAuthorized) == 2);
        var session = server.Server.Sessions.MaxBy(one => one.Id)!;
        // The kernel's buffers take megabytes before a write waits.
        var flood = Task.Run(async () =>
        {
            var pings = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"id\":1,\"method\":\"mining.ping\"}\n", 2000)));
            try
            {
                while (true)
                    await deaf.SendAsync(pings);
            }
            catch (SocketException)
            {
                // Closed.
            }
        });
        await Answers.BecomesTrueAsync(() => session.Outbound.IsFull, "the session is not read any more");
        await server.BroadcastAsync(tip: 2);
        await honest.WaitForAsync("mining.notify");
        Answers.IsTrue(await honest.SubmitAsync(honest.Solve()));
        // The write may still make progress for a moment: its time begins anew with each.
        await Answers.BecomesTrueAsync(() =>
        {
            server.Pass(1);
            return server.Server.Sessions.Count == 1;
        });
        await flood.WaitAsync(TimeSpan.FromSeconds(30));
        // A session is gone before its end is told.
        await Answers.BecomesTrueAsync(() => reasons.Count > 0);
        Assert.Equal([DisconnectReason.WriteTimeout], reasons);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        Assert.Equal("pong", (await honest.CallAsync("mining.ping")).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Close_PeerThatNeverReads_DoesNotKeepTheConnection()
    {
        await using var server = new TestServer(options => options.Limits.StopTimeout = TimeSpan.FromSeconds(1)) { Driver = driver };
        using var deaf = await server.ConnectSocketAsync(receiveBuffer: 4096);
        await deaf.SendAsync("{\"id\":1,\"method\":\"mining.ping\"}\n"u8.ToArray());
        await Answers.BecomesTrueAsync(() => server.Server.Sessions.Count == 1);
        var session = server.Server.Sessions.Single();
        for (var i = 0; i < 4000 && session.CloseReason is null; i++)
            await session.ShowMessageAsync(new string('x', 1000));
        session.Close();
        await Answers.BecomesTrueAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(500));
            return server.Server.ConnectionCount == 0 && server.Server.Sessions.Count == 0;
        });
    }

    [Fact]
    public async Task Peer_ThatVanishes_LeavesNothingBehind()
    {
        await using var server = new TestServer { Driver = driver };
        for (var i = 0; i < 200; i++)
        {
            var socket = await server.ConnectSocketAsync();
            await socket.SendAsync("{\"id\":1,\"method\":\"mining.subscribe\"}\n{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w\",\"x\"]}\n{\"id\":"u8.ToArray());
            // RST, now and then before it was accepted.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        await server.BroadcastAsync();
        await using var peer = await server.LoginAsync(driver);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1 && server.Server.Sessions.Count == 1);
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
    }

    [Fact]
    public void Reset_SocketThatTheTransportClosedBefore_DoesNotThrow()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Dispose();
        Sockets.Reset(socket);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task Connection_Breaks_IsLostAndNoFailure(Type how)
    {
        await using var server = new TestServer { Driver = driver };
        var reasons = new List<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => reasons.Add(end.Reason);
        var (ours, theirs) = MemoryPipe.Pair();
        var serving = server.Server.ServeAsync(theirs, null, TestContext.Current.CancellationToken);
        var error = how == typeof(ObjectDisposedException) ? new ObjectDisposedException("it") : (Exception)Activator.CreateInstance(how)!;
        await ours.Output.CompleteAsync(error);
        await serving.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([DisconnectReason.ConnectionLost], reasons);
    }

    [Fact]
    public async Task Connection_LostAndItsCutFails_SessionIsGoneAndTheFailureIsTold()
    {
        await using var server = new TestServer { ExpectFailures = true };
        var closed = new TaskCompletionSource<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => closed.TrySetResult(end.Reason);
        var (ours, theirs) = MemoryPipe.Pair();
        var serving = server.Server.RunSessionAsync(theirs, null, null, false,
            () => throw new ObjectDisposedException("the socket"), () => false, CancellationToken.None);
        await ours.Output.CompleteAsync(new IOException("reset"));
        await serving.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(server.Server.Sessions);
        Assert.Equal(DisconnectReason.ConnectionLost, await closed.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(server.Log.Lines, line => line.Failure is ObjectDisposedException);
    }

    [Fact]
    public async Task Peers_ManyThatSayNothing_ClosedByTheDeadlineWhileAnHonestOneWorks()
    {
        const int Count = 5000;
        await using var server = new TestServer { Driver = driver };
        await server.StartAsync();
        var silent = new List<Socket>();
        for (var i = 0; i < Count; i++)
            silent.Add(await server.ConnectSocketAsync());
        await using var honest = await server.LoginAsync(driver);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == Count + 1);
        Answers.IsTrue(await honest.SubmitAsync(honest.Solve()));
        Assert.Single(server.Server.Sessions);
        server.Pass(14);
        Assert.Equal(Count + 1, server.Server.ConnectionCount);
        server.Pass(2);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1, "all silent connections were closed");
        Answers.IsTrue(await honest.SubmitAsync(honest.Solve(2)));
        foreach (var socket in silent)
            socket.Dispose();
    }

    [Fact]
    public async Task Broadcast_To1000Sessions_EachGetsTheSameJobOnce()
    {
        const int Count = 1000;
        await using var server = new TestServer { Driver = driver };
        await server.BroadcastAsync();
        var peers = new List<TestPeer>();
        for (var i = 0; i < Count; i++)
            peers.Add(await server.ConnectAsync(driver));
        await Task.WhenAll(peers.Select(peer => peer.LoginAsync()));
        Assert.Equal(Count, peers.Select(peer => peer.Extranonce1).Distinct().Count());
        Assert.Equal(Count, await server.Server.BroadcastAsync(Work.NewJob(server.Now, tip: 2)));
        await Task.WhenAll(peers.Select(peer => peer.WaitForAsync("mining.notify")));
        Assert.Single(peers.Select(peer => peer.Job!.JobId).Distinct());
        Assert.All(peers, peer => Assert.Equal(["mining.set_difficulty", "mining.notify", "mining.notify"], peer.Notifications.Methods()));
        foreach (var peer in peers)
            await peer.DisposeAsync();
    }

    [Fact]
    public async Task End_OfThePeersSide_EverythingReceivedIsAnswered()
    {
        await using var server = new TestServer { Driver = driver };
        server.Server.Map("slow", async (int n) =>
        {
            await Task.Yield();
            return n;
        });
        await using var peer = await server.ConnectAsync(driver);
        var text = string.Concat(Enumerable.Range(0, 500).Select(n => $$"""{"id":{{n}},"method":"slow","params":[{{n}}]}""" + "\n"));
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(text));
        await peer.EndAsync();
        for (var n = 0; n < 500; n++)
            Assert.Equal($$"""{"id":{{n}},"result":{{n}},"error":null}""", await peer.ReadLineAsync());
        Assert.Null(await peer.ReadLineAsync());
    }
}

public sealed class BadInputOverPipe() : BadInputTests(Drivers.Pipe);
public sealed class BadInputOverLoop() : BadInputTests(Drivers.Loop);
public sealed class BadInputOverInlineLoop() : BadInputTests(Drivers.InlineLoop);
