using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

public sealed class WorkWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);

    private readonly ManualTime _time = new();
    private readonly StratumServer _server = new(new StratumServerOptions { Port = 0 });
    private readonly List<WorkAge> _told = [];
    private readonly WorkWatch _watch;

    public WorkWatchTests() => _watch = new WorkWatch(_server, s_most, _time, _told.Add);

    [Fact]
    public void Renew_InTime_NothingIsTold()
    {
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            _watch.Renew();
        }
        Assert.Empty(_told);
        Assert.False(_server.IsSuspended);
    }

    [Fact]
    public void Age_Grows_ToldOnceAMinuteThenMinersAreSentAway()
    {
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(WorkState.Aging, Assert.Single(_told).State);
        _time.Advance(TimeSpan.FromSeconds(58));
        Assert.Single(_told);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(2, _told.Count);
        Assert.False(_server.IsSuspended);
        _time.Advance(s_most - TimeSpan.FromSeconds(11 + 58 + 60 + 1));
        Assert.False(_server.IsSuspended);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_server.IsSuspended);
        Assert.Equal(WorkState.TooOld, _told[^1].State);
        var count = _told.Count;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(count, _told.Count);
    }

    [Fact]
    public void Daemon_SaysThatNothingHasChanged_TheWorkStaysFreshWithoutATemplate()
    {
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            _watch.Confirm();
        }
        Assert.Empty(_told);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(WorkState.Aging, Assert.Single(_told).State);
        _watch.Confirm();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(WorkState.Fresh, _told[^1].State);
        _time.Advance(s_most + TimeSpan.FromSeconds(1));
        Assert.True(_server.IsSuspended);
        _watch.Confirm();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_server.IsSuspended, "miners come back to new work only");
    }

    [Fact]
    public void Renew_AfterTheEnd_MinersAreLetInAgain()
    {
        _time.Advance(s_most + TimeSpan.FromSeconds(1));
        Assert.True(_server.IsSuspended);
        _watch.Renew();
        Assert.False(_server.IsSuspended);
        Assert.Equal(WorkState.Fresh, _told[^1].State);
        Assert.Contains("301 s", _told[^1].Text);
        _time.Advance(s_most + TimeSpan.FromSeconds(1));
        Assert.True(_server.IsSuspended);
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _server.DisposeAsync();
    }
}
