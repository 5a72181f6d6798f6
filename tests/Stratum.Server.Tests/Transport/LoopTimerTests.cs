using System.Collections.Concurrent;

namespace Stratum.Server.Tests;

public sealed class LoopTimerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Problem_WhereTheLoopWorks_None()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        Assert.Null(LoopTimer.Problem);
    }

    [Fact]
    public async Task Set_AgainAndAgain_HasATurnEachTime()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        var loop = EventLoop.Start(0);
        var turns = new BlockingCollection<EventLoop?>();
        var timer = LoopTimer.Start(loop, _ => turns.Add(EventLoop.Current), _ => { });
        // 0 would turn it off, were it handed on.
        foreach (var nanoseconds in (long[])[1_000_000, 1, 0, -5, 1_500_000_000, 1000])
        {
            timer.Set(nanoseconds);
            Assert.True(turns.TryTake(out var on, s_patience));
            Assert.Same(loop, on);
        }
        // What was set before does not count any more.
        timer.Set((long)1e15);
        timer.Ask();
        Assert.True(turns.TryTake(out _, s_patience));
        Assert.False(turns.TryTake(out _));
        timer.End();
        loop.Stop();
        await loop.Ended.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Turn_ThatFails_IsToldAndTheLoopGoesOn()
    {
        Assert.SkipUnless(LoopProbe.Problem is null, "Linux");
        var loop = EventLoop.Start(0);
        var failure = new TaskCompletionSource<Exception>();
        var broken = LoopTimer.Start(loop, _ => throw new InvalidOperationException("ours"), failure.SetResult);
        broken.Ask();
        Assert.Equal("ours", (await failure.Task.WaitAsync(s_patience)).Message);
        loop.Stop();
        await loop.Ended.WaitAsync(s_patience);
    }
}
