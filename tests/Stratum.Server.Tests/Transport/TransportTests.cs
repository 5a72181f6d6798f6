using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Stratum.Server.Tests;

/// <summary>What a driver must hold whoever does what at the same time.</summary>
public abstract class TransportTests(string driver)
{
    [Fact]
    public async Task Start_LogSaysWhichDriver()
    {
        await using var server = new TestServer { Driver = driver };
        await server.StartAsync();
        var line = Assert.Single(server.Log.Lines, line => line.Id == 100).Text;
        Assert.Contains(driver == Drivers.Pipe ? "PipeDriver, as Transport says" : "LoopDriver, as Transport says, ", line);
    }

    [Fact]
    public async Task Sessions_ManyAtOnce_EachServedByOneThreadAndAnsweredItsOwn()
    {
        const int Sessions = 40;
        const int Requests = 200;
        await using var server = new TestServer { Driver = driver };
        var inside = new ConcurrentDictionary<long, int>();
        var twice = 0;
        server.Server.Map("echo", async (StratumSession session, string text) =>
        {
            if (inside.AddOrUpdate(session.Id, 1, static (_, count) => count + 1) != 1)
                Interlocked.Increment(ref twice);
            if (text.EndsWith('7'))
                await Task.Yield();
            inside[session.Id] = 0;
            return text;
        });
        await server.BroadcastAsync();
        await server.StartAsync();
        using var over = new CancellationTokenSource();
        var broadcasts = Task.Run(async () =>
        {
            for (byte tip = 2; !over.IsCancellationRequested; tip++)
            {
                await server.BroadcastAsync(tip);
                await Task.Delay(5);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(number => Task.Run(async () =>
        {
            await using var peer = await server.ConnectAsync(driver);
            await peer.LoginAsync();
            for (var from = 0; from < Requests; from += 20)
            {
                await peer.SendRawAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(from, 20)
                    .Select(n => $$"""{"id":{{n}},"method":"echo","params":["{{number}}-{{n}}"]}""" + "\n"))));
                for (var n = from; n < from + 20; n++)
                    Assert.Equal($"{number}-{n}", (await peer.AnswerAsync(n)).GetProperty("result").GetString());
            }
        })));
        await over.CancelAsync();
        await broadcasts;
        Assert.Equal(0, twice);
    }

    [Fact]
    public async Task Send_MoreThanTheWindowHolds_ArrivesWholeThoughReadInPieces()
    {
        await using var server = new TestServer { Driver = driver };
        server.Server.Map("long", (int letter) => new string((char)letter, 3_000_000));
        using var socket = await server.ConnectSocketAsync(receiveBuffer: 4096);
        await socket.SendAsync("{\"id\":1,\"method\":\"long\",\"params\":[97]}\n{\"id\":2,\"method\":\"long\",\"params\":[98]}\n"u8.ToArray());
        var expected = Encoding.ASCII.GetBytes(
            $$"""{"id":1,"result":"{{new string('a', 3_000_000)}}","error":null}""" + "\n"
            + $$"""{"id":2,"result":"{{new string('b', 3_000_000)}}","error":null}""" + "\n");
        var got = new byte[expected.Length];
        for (var count = 0; count < got.Length;)
        {
            var read = await socket.ReceiveAsync(got.AsMemory(count, Math.Min(50_000, got.Length - count))).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.NotEqual(0, read);
            count += read;
        }
        Assert.True(got.AsSpan().SequenceEqual(expected));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Peer_GoesWhileItsHandlerRuns_SessionEndsWhenItHasAnswered(bool reset)
    {
        await using var server = new TestServer { Driver = driver };
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var closed = new TaskCompletionSource<DisconnectReason>();
        server.Server.SessionClosed += (_, end) => closed.TrySetResult(end.Reason);
        server.Server.Map("slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return 1;
        });
        using var socket = await server.ConnectSocketAsync();
        await socket.SendAsync("{\"id\":1,\"method\":\"slow\"}\n"u8.ToArray());
        await entered.Task;
        if (reset)
            socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        release.SetResult();
        var reason = await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(reason is DisconnectReason.ConnectionLost || !reset && reason is DisconnectReason.PeerClosed, $"{reason}");
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Stop_DuringBroadcasts_Ends()
    {
        await using var server = new TestServer { Driver = driver };
        var peers = new List<TestPeer>();
        for (var i = 0; i < 50; i++)
            peers.Add(await server.LoginAsync(driver));
        using var over = new CancellationTokenSource();
        var broadcasts = Task.Run(async () =>
        {
            for (byte tip = 2; !over.IsCancellationRequested; tip++)
                await server.BroadcastAsync(tip);
        });
        await server.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await over.CancelAsync();
        await broadcasts;
        Assert.Empty(server.Server.Sessions);
        foreach (var peer in peers)
        {
            await peer.ReadToEndAsync();
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Close_WhileTheirBytesArrive_NobodyGetsAnothersAnswer()
    {
        await using var server = new TestServer { Driver = driver };
        for (var round = 0; round < 20; round++)
        {
            var peers = new List<TestPeer>();
            for (var i = 0; i < 10; i++)
            {
                peers.Add(await server.ConnectAsync(driver));
                await peers[^1].CallAsync("mining.ping");
            }
            var sends = Task.Run(async () =>
            {
                for (var i = 0; i < peers.Count; i++)
                    await peers[i].SendAsync($$"""{"id":{{i}},"method":"mining.ping"}""");
            });
            foreach (var session in server.Server.Sessions)
                session.Close();
            // A reset is an end too, and takes the answer with it.
            await using var next = await server.ConnectAsync(driver);
            Assert.Equal(777, (await AnswerAsync(next, 777)).GetProperty("id").GetInt32());
            try
            {
                await sends;
            }
            catch (IOException)
            {
                // That one was closed before.
            }
            for (var i = 0; i < peers.Count; i++)
            {
                if (await peers[i].ReadLineAsync() is { } line)
                    Assert.StartsWith($$"""{"id":{{i}},""", line);
                await peers[i].DisposeAsync();
            }
        }
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
    }

    private static async Task<System.Text.Json.JsonElement> AnswerAsync(TestPeer peer, int id)
    {
        await peer.SendAsync($$"""{"id":{{id}},"method":"mining.ping"}""");
        return await peer.AnswerAsync(id);
    }
}

public sealed class TransportOverPipe() : TransportTests(Drivers.Pipe);
public sealed class TransportOverLoop() : TransportTests(Drivers.Loop);
public sealed class TransportOverInlineLoop() : TransportTests(Drivers.InlineLoop);
