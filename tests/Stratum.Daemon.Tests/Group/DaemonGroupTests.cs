using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Whose template is given, and when; two daemons, each on a clock of its own.</summary>
public sealed class DaemonGroupTests : IAsyncLifetime
{
    private static readonly TimeSpan TipCheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private readonly SteppedTime[] _times = [new(), new()];
    private readonly FakeDaemon[] _fakes = [new(), new()];
    private readonly bool[] _down = new bool[2];
    private GroupReading _reading = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The first gives, the second is ready behind it.</summary>
    public async ValueTask InitializeAsync()
    {
        for (int i = 0; i < 2; i++)
        {
            int me = i;
            _fakes[i].Mood = _ => Volatile.Read(ref _down[me]) ? RawHttpReply.Error(-28, "Loading...") : null;
        }

        _down[1] = true;
        _reading = new GroupReading(
            TemplateReading.Options(_fakes[0].Url, _times[0]), TemplateReading.Options(_fakes[1].Url, _times[1]));
        Assert.Equal((0, 102), await _reading.NextAsync());
        await _reading.UntilAsync(1, DaemonState.WarmingUp);
        Volatile.Write(ref _down[1], false);
        await _times[1].ElapseAsync(Retry);
        await LongPollsAsync(1, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _reading.DisposeAsync();
        await _fakes[0].DisposeAsync();
        await _fakes[1].DisposeAsync();
    }

    [Fact]
    public async Task TemplatesAsync_SameTipFromAnother_IsNotGiven()
    {
        Assert.True(_reading.IsWaiting);
        Assert.Same(_reading.Group.Daemons[0], _reading.Group.Current);

        await LongPollsAsync(0, 1);
        _fakes[0].NewBlock();

        Assert.Equal((0, 103), await _reading.NextAsync());
        Assert.Equal([0], _reading.Currents);
        Assert.Equal([0, 1], _reading.Reconnects);
    }

    [Fact]
    public async Task TemplatesAsync_AnotherShowsANewTipFirst_IsTakenAtOnceAndOnce()
    {
        await LongPollsAsync(0, 1);
        _fakes[1].NewBlock();
        Assert.Equal((1, 103), await _reading.NextAsync());
        Assert.Same(_reading.Group.Daemons[1], _reading.Group.Current);

        // The other one has it too now; nothing of that is given, and nobody goes back to it.
        _reading.Ask();
        _fakes[0].NewBlock();
        await LongPollsAsync(0, 2);
        await LongPollsAsync(1, 2);
        _fakes[1].NewBlock();

        Assert.Equal((1, 104), await _reading.NextAsync());
        Assert.Equal([0, 1], _reading.Currents);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TemplatesAsync_AnotherGoesBackOrToARival_ThePresentOneIsKept(bool back)
    {
        await LongPollsAsync(0, 1);
        if (back)
        {
            _fakes[1].GoBack();
        }
        else
        {
            _fakes[1].Reorganize();
        }

        await LongPollsAsync(1, 2);
        _fakes[0].NewBlock();

        Assert.Equal((0, 103), await _reading.NextAsync());
        Assert.Equal([0], _reading.Currents);
    }

    [Fact]
    public async Task TemplatesAsync_PresentOneGoesToARival_IsFollowed()
    {
        await LongPollsAsync(0, 1);

        _fakes[0].Reorganize();

        DaemonTemplate next = await _reading.NextTemplateAsync();
        Assert.Equal(_fakes[0].BestBlock, next.Template.PreviousBlock.ToString());
        Assert.Same(_reading.Group.Daemons[0], next.Daemon);
    }

    [Fact]
    public async Task TemplatesAsync_PresentOneGoesBackWhereAnotherIsHigher_TheHigherIsTaken()
    {
        await LongPollsAsync(0, 1);

        _fakes[0].GoBack();

        Assert.Equal((1, 102), await _reading.NextAsync());
    }

    [Fact]
    public async Task TemplatesAsync_PresentOneFails_AnotherOnesWorkComesAtOnceAndStays()
    {
        await FailAsync(0);
        Assert.Equal((1, 102), await _reading.NextAsync());

        // It comes back: no reason to change.
        _reading.Ask();
        Volatile.Write(ref _down[0], false);
        await _times[0].ElapseAsync(Retry);
        await _reading.UntilAsync(0, DaemonState.Ready);
        _fakes[1].NewBlock();

        Assert.Equal((1, 103), await _reading.NextAsync());
        Assert.Equal([0, 1], _reading.Currents);
        Assert.Equal([0, 1, 0], _reading.Reconnects);
    }

    [Fact]
    public async Task TemplatesAsync_PresentOneFreezes_AnotherOnesWorkComes()
    {
        await LongPollsAsync(0, 1);
        _fakes[0].Frozen = true;
        await _times[0].ElapseAsync(TipCheck);
        Assert.True(_reading.IsWaiting);

        await _times[0].ElapseAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((1, 102), await _reading.NextAsync());
        Assert.Equal(DaemonState.Slow, _reading.Group.Daemons[0].Status.State);
    }

    [Fact]
    public async Task TemplatesAsync_OnlyALowerOneIsLeft_IsUsedUntilAHigherOneReturns()
    {
        _fakes[1].SetHeight(99);
        await LongPollsAsync(1, 2);
        await FailAsync(0);
        Assert.Equal((1, 99), await _reading.NextAsync());

        _reading.Ask();
        Volatile.Write(ref _down[0], false);
        await _times[0].ElapseAsync(Retry);

        Assert.Equal((0, 102), await _reading.NextAsync());
        Assert.Equal([0, 1, 0], _reading.Currents);
    }

    [Fact]
    public async Task TemplatesAsync_AllFail_NobodyIsCurrentUntilOneReturns()
    {
        await FailAsync(0);
        Assert.Equal((1, 102), await _reading.NextAsync());
        await FailAsync(1);
        await _reading.UntilAsync(() => _reading.Group.Current is null);
        Assert.True(_reading.IsWaiting);

        Volatile.Write(ref _down[0], false);
        await _times[0].ElapseAsync(Retry);

        Assert.Equal((0, 102), await _reading.NextAsync());
        Assert.Equal([0, 1, -1, 0], _reading.Currents);
    }

    [Fact]
    public async Task TemplatesAsync_PresentOnesTemplateIsTooOld_AnotherOnesFreshOneIsGiven()
    {
        await LongPollsAsync(0, 1);
        // The group's clock is the first one's: twice the job interval and the patience of a tip check.
        await _times[0].ElapseAsync(TimeSpan.FromSeconds(70));
        for (int i = 0; i < 6; i++)
        {
            await _times[1].ElapseAsync(TipCheck);
        }

        Assert.Equal((1, 102), await _reading.NextAsync());
    }

    [Fact]
    public async Task TemplatesAsync_JobInterval_OnlyThePresentOnesIsGiven()
    {
        await LongPollsAsync(0, 1);
        for (int i = 0; i < 6; i++)
        {
            await _times[1].ElapseAsync(TipCheck);
        }

        await _times[1].BegunAsync(TipCheck);
        Assert.True(_reading.IsWaiting);
        for (int i = 0; i < 6; i++)
        {
            await _times[0].ElapseAsync(TipCheck);
        }

        DaemonTemplate next = await _reading.NextTemplateAsync();
        Assert.Same(_reading.Group.Daemons[0], next.Daemon);
        Assert.Equal(_times[0].GetUtcNow(), next.ReceivedAt);
    }

    [Fact]
    public async Task Announce_ReachesEveryDaemon()
    {
        await LongPollsAsync(0, 1);
        int[] before = [_fakes[0].Requests.Count, _fakes[1].Requests.Count];

        _reading.Group.Announce(Hash256.Parse(new string('e', 64)));

        await _reading.UntilAsync(() => _fakes[0].Requests.Count > before[0] && _fakes[1].Requests.Count > before[1]);
    }

    [Fact]
    public async Task TemplatesAsync_CancelledOrDisposed_Ends()
    {
        await _reading.Group.DisposeAsync();
        Assert.False(await _reading.EndAsync());

        await using var other = new GroupReading(TemplateReading.Options(_fakes[0].Url));
        await other.NextAsync();
        other.Ask();
        await other.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(other.EndAsync);
    }

    [Fact]
    public async Task TemplatesAsync_OfTheGroupOrOfADaemonTwice_IsRefused()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await _reading.Group.TemplatesAsync(Ct).GetAsyncEnumerator(Ct).MoveNextAsync());

        await using var other = new DaemonGroup([TemplateReading.Options(_fakes[0].Url)]);
        await using IAsyncEnumerator<BlockTemplate> taken =
            other.Daemons[0].TemplatesAsync(Ct).GetAsyncEnumerator(Ct);
        await taken.MoveNextAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await other.TemplatesAsync(Ct).GetAsyncEnumerator(Ct).MoveNextAsync());
    }

    [Fact]
    public async Task Events_HandlersThrow_WorkComes()
    {
        await using var group = new DaemonGroup([TemplateReading.Options(_fakes[0].Url)]);
        group.StatusChanged += (_, _) => throw new InvalidOperationException("bad handler");
        group.CurrentChanged += _ => throw new InvalidOperationException("bad handler");
        group.Reconnected += _ => throw new InvalidOperationException("bad handler");

        await foreach (DaemonTemplate template in group.TemplatesAsync(Ct))
        {
            Assert.Equal(102, template.Template.Height);
            break;
        }
    }

    [Fact]
    public void Constructor_NoneOrOfTwoNetworks_IsRefused()
    {
        CoinDaemonOptions one = TemplateReading.Options(_fakes[0].Url);

        Assert.Throws<ArgumentException>(() => new DaemonGroup([]));
        var e = Assert.Throws<ArgumentException>(() => new DaemonGroup(
            [one, one with { Coin = Coin.Bitcoin, Network = Coin.Bitcoin.GetNetwork("regtest") }]));
        Assert.Contains("bitcoin regtest at", e.Message);
        Assert.Contains("not of litecoin regtest", e.Message);
    }

    private async Task FailAsync(int daemon)
    {
        await LongPollsAsync(daemon, 1);
        Volatile.Write(ref _down[daemon], true);
        _fakes[daemon].NewTransactions();
        await _reading.UntilAsync(daemon, DaemonState.WarmingUp);
    }

    /// <summary>Until so many were asked: then the template before is the group's too.</summary>
    private Task LongPollsAsync(int daemon, int count) =>
        _reading.UntilAsync(() => _fakes[daemon].LongPolls.Count >= count);
}
