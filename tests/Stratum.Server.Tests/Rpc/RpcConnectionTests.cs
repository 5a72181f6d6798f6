using System.Net;
using System.Net.Sockets;
using System.Text;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>How long a connection lives, how many there may be, what a port speaks, and its end.</summary>
public sealed class RpcConnectionTests
{
    private const string Ping = """{"method":"ping","id":1}""";
    private const string Pong = """{"result":"pong","error":null,"id":1}""";

    [Fact]
    public async Task Message_HalfThenSilence_ToldAndClosedAtTheDeadline()
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options => options.TimeProvider = time);
        await using var caller = await rpc.ConnectAsync();
        Assert.Equal(Pong, await caller.CallAsync(Ping));
        await caller.SendAsync("""{"method":"pi""");
        await Until.TrueAsync(() => rpc.Server.UnfinishedBytes > 0, "nothing was taken");

        // A byte now and then does not buy time.
        time.Advance(TimeSpan.FromSeconds(14));
        await caller.SendAsync("n");
        await Until.TrueAsync(() => rpc.Server.UnfinishedBytes == 14, "the byte was not taken");
        time.Advance(TimeSpan.FromSeconds(2));

        var answer = await caller.ReadLineAsync();
        Assert.Equal(RpcErrors.ParseError, RpcHarness.ErrorOf(answer));
        Assert.Contains("within 15 s", answer);
        Assert.Null(await caller.ReadLineAsync());
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
        Assert.Equal(0, rpc.Server.UnfinishedBytes);
    }

    [Fact]
    public async Task Connection_SilentFromTheStartOrBetweenMessages_Closed()
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options => options.TimeProvider = time);
        await using var mute = await rpc.ConnectAsync();
        await using var idle = await rpc.ConnectAsync();
        Assert.Equal(Pong, await idle.CallAsync(Ping));
        await Until.TrueAsync(() => rpc.Server.ConnectionCount == 2, "not both came");

        var silent = mute.ReadLineAsync();
        while (!silent.IsCompleted)
        {
            // The server may not have looked at its clock yet.
            time.Advance(TimeSpan.FromSeconds(16));
            await Task.WhenAny(silent, Task.Delay(20));
        }
        Assert.Null(await silent);
        var quiet = idle.ReadLineAsync();
        while (!quiet.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(2));
            await Task.WhenAny(quiet, Task.Delay(20));
        }
        Assert.Null(await quiet);
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Answer_ThatNobodyReads_ConnectionIsCutAndOthersAreServed()
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options => options.TimeProvider = time);
        rpc.Server.Expose("big", () => new string('b', 20_000_000));
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync("""{"method":"big","id":1}""");
        await rpc.AssertServesAsync();

        // Up to the limit that the writing began at.
        for (var i = 0; i < 1000 && rpc.Server.ConnectionCount > 0; i++)
        {
            time.Advance(TimeSpan.FromSeconds(31));
            await Task.Delay(20);
        }

        Assert.Equal(0, rpc.Server.ConnectionCount);
    }

    [Fact]
    public async Task Connections_AThousandSilentOnes_AnHonestCallerIsServed()
    {
        await using var rpc = await StartAsync();
        var sockets = new List<RpcCaller>();
        for (var i = 0; i < 1000; i++)
            sockets.Add(await rpc.ConnectAsync());
        await Until.TrueAsync(() => rpc.Server.ConnectionCount == 1000, "not all came");
        for (var i = 0; i < 1000; i += 2)
            await sockets[i].SendAsync("{\"half");

        await rpc.AssertServesAsync();
        Assert.Equal(Pong, await sockets[1].CallAsync(Ping));
        foreach (var socket in sockets)
            await socket.DisposeAsync();

        await rpc.AssertServesAsync();
        await rpc.AssertNoConnectionsAsync();
        Assert.Equal(0, rpc.Server.UnfinishedBytes);
    }

    [Fact]
    public async Task Connections_AboveTheCaps_ResetAndRoomAgainAfterwards()
    {
        await using var rpc = await StartAsync(options =>
        {
            options.Limits.MaxConnectionsPerAddress = 2;
            options.Limits.MaxConnections = 3;
        });
        var first = await rpc.ConnectAsync();
        await using var second = await rpc.ConnectAsync();
        Assert.Equal(Pong, await first.CallAsync(Ping));
        Assert.Equal(Pong, await second.CallAsync(Ping));
        await rpc.AssertResetAsync();
        await rpc.AssertServesAsync();
        await first.DisposeAsync();
        await Until.TrueAsync(() => rpc.Server.ConnectionCount == 1, "the first stayed");
        await using var again = await rpc.ConnectAsync();
        Assert.Equal(Pong, await again.CallAsync(Ping));
    }

    [Fact]
    public async Task UnfinishedMessages_AboveTheBudget_RefusedAndShortCallsAreServed()
    {
        await using var rpc = await StartAsync(options =>
        {
            options.Limits.MaxMessageBytes = 100_000;
            options.Limits.MaxUnfinishedBytes = 100_000;
        });
        await using var hoarder = await rpc.ConnectAsync();
        await hoarder.SendAsync("{" + new string(' ', 90_000));
        await Until.TrueAsync(() => rpc.Server.UnfinishedBytes > 80_000, "nothing was held");
        await using var other = await rpc.ConnectAsync();
        await other.SendAsync("{" + new string(' ', 50_000));

        Assert.Equal(RpcErrors.ServerBusy, RpcHarness.ErrorOf(await other.ReadLineAsync()));
        await rpc.AssertServesAsync();
    }

    [Fact]
    public async Task Call_ThatNeverEnds_ToldAfterTheTimeoutAndItsTokenCancelled()
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options => options.TimeProvider = time);
        var cancelled = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        rpc.Server.Expose("forever", async (RpcCall call) =>
        {
            call.Cancelled.Register(cancelled.SetResult);
            entered.SetResult();
            await new TaskCompletionSource().Task;
        });
        await using var caller = await rpc.ConnectAsync();
        var answer = caller.CallAsync("""{"method":"forever","id":1}""");
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(RpcErrors.ServerBusy, RpcHarness.ErrorOf(await answer));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Pong, await caller.CallAsync(Ping));
    }

    [Fact]
    public async Task Stop_CallUnderWay_IsAnsweredAndIdleOnesAreClosed()
    {
        await using var rpc = await StartAsync();
        var release = new TaskCompletionSource<int>();
        var entered = new TaskCompletionSource();
        rpc.Server.Expose("wait", () =>
        {
            entered.SetResult();
            return release.Task;
        });
        await using var idle = await rpc.ConnectAsync();
        Assert.Equal(Pong, await idle.CallAsync(Ping));
        await using var caller = await rpc.ConnectAsync();
        var answer = caller.CallAsync("""{"method":"wait","id":1}""");
        await entered.Task;
        var port = rpc.Server.Port;
        var stop = rpc.Server.StopAsync();
        Assert.Null(await idle.ReadLineAsync());
        Assert.False(stop.IsCompleted);
        release.SetResult(5);

        Assert.Equal("""{"result":5,"error":null,"id":1}""", await answer);
        await stop;
        Assert.Null(await caller.ReadLineAsync());
        Assert.Equal(0, rpc.Server.ConnectionCount);
        await Assert.ThrowsAnyAsync<SocketException>(() => RpcCaller.ConnectAsync(port));
    }

    [Fact]
    public async Task Stop_HandlerThatHearsNothing_EndsAnyway()
    {
        await using var rpc = await StartAsync(options => options.Limits.StopTimeout = TimeSpan.FromMilliseconds(100));
        var entered = new TaskCompletionSource();
        rpc.Server.Expose("deaf", async () =>
        {
            entered.SetResult();
            await new TaskCompletionSource().Task;
        });
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync("""{"method":"deaf","id":1}""");
        await entered.Task;

        await rpc.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Null(await caller.ReadLineAsync());
    }

    [Theory]
    [InlineData("handler", false)]
    [InlineData("handler", true)]
    [InlineData("admits", false)]
    [InlineData("filter", true)]
    public async Task CodeOfYours_Blocks_OthersAreServedAndAStopEnds(string where, bool overHttp)
    {
        using var release = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        await using var rpc = await StartAsync(options =>
        {
            options.Limits.StopTimeout = TimeSpan.FromMilliseconds(200);
            if (where == "admits")
                options.Admits = remote => !remote.Address.Equals(IPAddress.Loopback) || Block();
            if (where == "filter")
                options.HttpFilter = (http, next) => Block() ? next(http) : Task.CompletedTask;
        });
        rpc.Server.Expose("block", () => Block());
        const string Call = """{"method":"block","id":1}""";
        var text = overHttp
            ? $"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Call.Length}\r\n\r\n{Call}"
            : Call;
        var blocked = new List<RpcCaller>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                blocked.Add(await rpc.ConnectAsync());
                await blocked[i].SendAsync(text);
            }
            for (var i = 0; i < 3; i++)
                Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(60)), "one holds the next up");
            await rpc.AssertServesAsync();
            await rpc.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            release.Set();
            foreach (var caller in blocked)
                await caller.DisposeAsync();
        }

        bool Block()
        {
            entered.Release();
            return release.Wait(TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public async Task Start_TwiceTakenOrAgain_SaysSo()
    {
        await using var rpc = await StartAsync();
        var port = rpc.Server.Port;
        await Assert.ThrowsAsync<InvalidOperationException>(() => rpc.Server.StartAsync());
        await using (var second = new RpcServer(new RpcServerOptions { Port = port }))
        {
            var error = await Assert.ThrowsAsync<IOException>(() => second.StartAsync());
            Assert.Contains($"{port}", error.Message);
            Assert.Contains("--rpc-port", error.Message);
        }
        await rpc.Server.StopAsync();
        Assert.Null(rpc.Server.EndPoint);
        Assert.Throws<InvalidOperationException>(() => rpc.Server.Port);
        await rpc.Server.StartAsync();
        await rpc.AssertServesAsync();
    }

    [Fact]
    public async Task Admits_False_ResetBeforeAByteWasRead()
    {
        await using var rpc = await StartAsync(options => options.Admits = remote => !remote.Address.Equals(IPAddress.Loopback));
        await rpc.AssertResetAsync();
        await rpc.AssertServesAsync();
    }

    [Fact]
    public async Task Mode_Tcp_HttpIsToldAndClosed()
    {
        await using var rpc = await StartAsync(options => options.Mode = RpcMode.Tcp);
        var (status, body) = await rpc.PostAsync(Ping);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("mode tcp", body);
        await rpc.AssertServesAsync();
    }

    [Fact]
    public async Task Mode_Http_TcpIsToldAndClosed()
    {
        await using var rpc = await StartAsync(options => options.Mode = RpcMode.Http);
        await using var caller = await rpc.ConnectAsync();
        var answer = await caller.CallAsync(Ping);
        Assert.Equal(RpcErrors.InvalidRequest, RpcHarness.ErrorOf(answer));
        Assert.Contains("mode http", answer);
        Assert.Null(await caller.ReadLineAsync());
        Assert.Equal(HttpStatusCode.OK, (await rpc.PostAsync(Ping)).Status);
    }

    [Fact]
    public async Task TlsHello_Closed()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync(new byte[] { 0x16, 3, 1, 0, 5 });
        Assert.Null(await caller.ReadLineAsync());
        await rpc.AssertServesAsync();
    }
    private static async Task<RpcHarness> StartAsync(Action<RpcServerOptions>? configure = null)
    {
        var rpc = await RpcHarness.StartAsync(configure);
        rpc.Server.Expose("ping", () => "pong");
        return rpc;
    }
}
