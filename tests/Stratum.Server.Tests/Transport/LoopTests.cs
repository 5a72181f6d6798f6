using System.Net.Sockets;
using System.Text;

namespace Stratum.Server.Tests;

/// <summary>What can only be measured while nothing else runs in this process.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
[Collection("alone")]
public sealed class LoopTests
{
    [Theory]
    [MemberData(nameof(Drivers.Sockets), MemberType = typeof(Drivers))]
    public async Task Descriptors_AfterEveryKindOfEnd_AsBefore(string driver)
    {
        await RoundAsync(driver);
        var before = Descriptors();
        for (var i = 0; i < 3; i++)
            await RoundAsync(driver);
        await Answers.BecomesTrueAsync(() => Descriptors() <= before, $"the {before} descriptors of before");
    }

    [Fact]
    public async Task Reset_BehindAShare_TheShareCounts()
    {
        await using var server = new TestServer { Driver = Drivers.InlineLoop };
        var accepted = 0;
        server.Server.ShareAccepted += (_, _) => Interlocked.Increment(ref accepted);
        var gate = new ManualResetEventSlim();
        server.Server.Map("hold", () =>
        {
            gate.Wait(TimeSpan.FromSeconds(10));
            return 1;
        });
        server.Server.Options.LoopThreads = 1;
        var miner = await server.LoginAsync(Drivers.InlineLoop);
        await using var holder = await server.ConnectAsync(Drivers.InlineLoop);
        await holder.CallAsync("mining.ping");
        var share = miner.Solve();
        // The loop is held, so that share and reset are both there when it comes to them.
        await holder.SendAsync("""{"id":1,"method":"hold"}""");
        await miner.SendAsync($$"""{"id":5,"method":"mining.submit","params":{{share.Parameters()}}}""");
        await miner.ResetAsync();
        gate.Set();
        await Answers.BecomesTrueAsync(() => server.Server.Sessions.Count == 1);
        Assert.Equal(1, accepted);
    }

    [Fact]
    public async Task Peer_ThatNeverReads_CostsNothingWhileItWaits()
    {
        await using var server = new TestServer(options => options.Limits.MaxOutputBytes = 64 * 1024) { Driver = Drivers.Loop };
        using var deaf = await server.ConnectSocketAsync(receiveBuffer: 4096);
        deaf.Blocking = false;
        var pings = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"id\":1,\"method\":\"mining.ping\"}\n", 2000)));
        await Answers.BecomesTrueAsync(() =>
        {
            try
            {
                deaf.Send(pings);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
            {
                return server.Server.Sessions.Single() is { IsPaused: true };
            }
            return false;
        });
        await Task.Delay(100);
        var before = LoopTicks();
        await Task.Delay(500);
        Assert.InRange(LoopTicks() - before, 0, 5);
    }

    private static async Task RoundAsync(string driver)
    {
        await using var server = new TestServer { Driver = driver };
        for (var i = 0; i < 60; i++)
        {
            using var socket = await server.ConnectSocketAsync();
            if (i % 6 != 0)
                await socket.SendAsync(Encoding.ASCII.GetBytes((i % 6) switch
                {
                    4 => "GET / HTTP/1.1\r\n\r\n",
                    // A TLS hello, which nobody answers here.
                    5 => "\u0016\u0003\u0001",
                    _ => "{\"id\":1,\"method\":\"mining.ping\"}\n",
                }));
            if (i % 6 == 2)
                socket.LingerState = new LingerOption(true, 0);
            if (i % 6 is 3 or 4)
                await socket.ReceiveAsync(new byte[100]);
        }
        await using var peer = await server.LoginAsync(driver);
        server.Server.Suspend();
        server.Server.Resume();
        using var silent = await server.ConnectSocketAsync();
        await using var last = await server.LoginAsync(driver);
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    // User and system time of all loops, in hundredths of a second.
    private static long LoopTicks() => Directory.GetDirectories("/proc/self/task")
        .Where(task => File.ReadAllText(task + "/comm").StartsWith("stratum loop", StringComparison.Ordinal))
        .Select(task => File.ReadAllText(task + "/stat").Split(')')[^1].Split(' '))
        .Sum(fields => long.Parse(fields[12]) + long.Parse(fields[13]));
}
