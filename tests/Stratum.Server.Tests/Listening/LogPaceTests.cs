using Stratum.Testing;

namespace Stratum.Server.Tests;

public sealed class LogPaceTests
{
    [Fact]
    public void IsDue_ManyTimes_OnceAMinuteWithTheNumberOfTheOthers()
    {
        var time = new ManualTime();
        var pace = new LogPace(time);
        Assert.True(pace.IsDue(out var more));
        Assert.Equal(0, more);
        for (var i = 0; i < 59; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(pace.IsDue(out _));
        }
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(pace.IsDue(out more));
        Assert.Equal(59, more);
        Assert.False(pace.IsDue(out _));
    }
}
