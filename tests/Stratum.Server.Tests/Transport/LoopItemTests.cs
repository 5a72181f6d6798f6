using System.Net;
using Stratum.Mining;

namespace Stratum.Server.Tests;

public sealed class LoopItemTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Turn_ThatFailsAsDoesTellingOfIt_TheLoopGoesOn()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        var loop = EventLoop.Start(0);
        var turns = new SemaphoreSlim(0);
        var broken = LoopMark.TryStart(loop, Break, _ => throw new InvalidOperationException("the log"))!;
        broken.Ask();
        Assert.True(await turns.WaitAsync(s_patience));
        // Its next turn is to be had too.
        broken.Ask();
        Assert.True(await turns.WaitAsync(s_patience));
        broken.End();
        loop.Stop();
        await loop.Ended.WaitAsync(s_patience);

        void Break()
        {
            turns.Release();
            throw new InvalidOperationException("ours");
        }
    }

    [Fact]
    public async Task Mark_Asked_ActsOnItsLoop()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        var loop = EventLoop.Start(0);
        var acted = new TaskCompletionSource<EventLoop?>();
        var mark = LoopMark.TryStart(loop, () => acted.TrySetResult(EventLoop.Current), _ => { })!;
        mark.Ask();
        Assert.Same(loop, await acted.Task.WaitAsync(s_patience));
        loop.Stop();
        mark.End();
        await loop.Ended.WaitAsync(s_patience);
        // Nothing comes of it, and nothing goes wrong.
        mark.Ask();
        Assert.Null(LoopMark.TryStart(loop, () => { }, _ => { }));
    }

    [Theory]
    [InlineData(Drivers.Loop, false)]
    [InlineData(Drivers.InlineLoop, true)]
    public async Task DifficultyPolicy_AnAcceptedShare_IsAskedOnTheLoopOnlyWhenItPromisedToBeQuick(string driver, bool onLoop)
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        var policy = new WhereAsked();
        await using var server = new TestServer(options => options.DifficultyPolicy = policy);
        await using var miner = await server.LoginAsync(driver);
        Answers.IsTrue(await miner.SubmitAsync(miner.Solve()));
        await Answers.BecomesTrueAsync(() => policy.OnLoop is not null);
        Assert.Equal(onLoop, policy.OnLoop);
    }

    [Fact]
    public async Task Stop_AHandlerHoldsTheLoop_ThePortIsFreeWhenItLetsGo()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        await using var server = new TestServer(options =>
            (options.LoopThreads, options.Limits.StopTimeout) = (1, TimeSpan.FromMilliseconds(50))) { Driver = Drivers.InlineLoop };
        using var gate = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        await server.StartAsync();
        var listener = Listener.Bind(server.Server, new IPEndPoint(IPAddress.Loopback, 0), new Listeners(server.Server), null);
        listener.Accept();
        server.Server.Map("hold", () =>
        {
            held.Set();
            return gate.Wait(s_patience);
        });
        await using var holder = await server.ConnectAsync(Drivers.InlineLoop);
        await holder.SendAsync("{\"id\":1,\"method\":\"hold\"}");
        Assert.True(held.Wait(s_patience));
        await listener.StopAsync();
        Assert.False(IsFree());
        gate.Set();
        await Answers.BecomesTrueAsync(IsFree, "the port to be free");
        // Not by the collector's help.
        GC.KeepAlive(listener);

        bool IsFree()
        {
            try
            {
                using var acceptor = Acceptor.Bind(listener.EndPoint, "--port");
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Connection_TheKernelTakesNoMoreOfThem_ClosedAndSaid()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        await using var server = new TestServer { Driver = Drivers.Loop };
        await server.StartAsync();
        var all = new Listeners(server.Server);
        using var listener = Listener.Bind(server.Server, new IPEndPoint(IPAddress.Loopback, 0), all, null);
        var peer = new IPEndPoint(IPAddress.Loopback, 1);
        // epoll takes no such file, as it takes no socket beyond fs.epoll.max_user_watches.
        using var file = File.OpenHandle("/dev/null");
        var number = (int)file.DangerousGetHandle();
        file.SetHandleAsInvalid();
        Assert.True(listener.TryEnter(peer.Address, number));
        Assert.True(server.Server.Loops!.TryServe(number, peer, listener));
        await Answers.BecomesTrueAsync(() => all.ConnectionCount == 0);
        Assert.Contains("epoll_ctl", Assert.Single(server.Log.Lines, line => line.Id == 113).Text);
    }

    private sealed class WhereAsked : IDifficultyPolicy
    {
        private int _asked;

        // The first time: later ones are the heartbeat's.
        public bool? OnLoop { get; private set; }

        public Difficulty? Next(in DifficultySample sample)
        {
            if (Interlocked.Exchange(ref _asked, 1) == 0)
                OnLoop = EventLoop.Current is not null;
            return null;
        }
    }
}
