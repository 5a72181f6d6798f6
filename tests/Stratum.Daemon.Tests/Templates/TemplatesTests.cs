using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>What brings the next template, and what does not.</summary>
public sealed class TemplatesTests
{
    private static readonly TimeSpan TipCheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task TemplatesAsync_NewBlock_ComesByLongPollOnItsOwnConnection()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));

        BlockTemplate first = await reading.NextAsync();
        for (int height = 103; height < 106; height++)
        {
            reading.Ask();
            await fake.UntilAsync(f => f.LongPolls.Count == height - 102);
            fake.NewBlock();
            BlockTemplate next = await reading.NextAsync();
            Assert.Equal(height, next.Height);
            Assert.Equal(FakeDaemon.Tip(height), next.PreviousBlock.ToString());
        }

        // The clock stood still: nothing but long polls can have brought them.
        Assert.Equal(first.LongPollId, (string?)fake.LongPolls[0].Params[0]!["longpollid"]);
        IEnumerable<int> others = fake.Requests.Except(fake.LongPolls).Select(r => r.Connection).Distinct();
        int[] own = [.. fake.LongPolls.Select(r => r.Connection)];
        Assert.Equal(own.Distinct(), own);
        Assert.DoesNotContain(Assert.Single(others), own);
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task TemplatesAsync_NewTransactions_WaitForTheJobInterval()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        long before = (await reading.NextAsync()).CoinbaseValue;
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        fake.NewTransactions();
        // It was answered within the second: the next long poll waits for one.
        await _time.ElapseAsync(Poll);
        for (int i = 0; i < 5; i++)
        {
            await _time.ElapseAsync(TipCheck);
        }

        await _time.BegunAsync(TimeSpan.FromSeconds(4));
        Assert.True(reading.IsWaiting);
        fake.NewTransactions();
        await _time.ElapseAsync(TimeSpan.FromSeconds(4));

        Assert.Equal(before + 2, (await reading.NextAsync()).CoinbaseValue);
    }

    [Fact]
    public async Task TemplatesAsync_LongPollHangs_TheTipIsSeenAndTheLongPollNotGivenUp()
    {
        await using var fake = new FakeDaemon { LongPollHangs = true };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        await _time.ElapseAsync(TipCheck);
        await _time.BegunAsync(TipCheck);
        Assert.True(reading.IsWaiting);

        fake.NewBlock();
        await _time.ElapseAsync(TipCheck);

        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Single(fake.LongPolls);
    }

    [Fact]
    public async Task TemplatesAsync_LongPollHangsOverJobIntervals_IsAskedAgainOnlyBecauseTheTipMoved()
    {
        await using var fake = new FakeDaemon { LongPollHangs = true };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();

        await JobIntervalAsync(fake, reading);
        await JobIntervalAsync(fake, reading);
        Assert.Single(fake.LongPolls);

        fake.NewBlock();
        reading.Ask();
        await _time.ElapseAsync(TipCheck);
        await reading.NextAsync();
        await JobIntervalAsync(fake, reading);
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 2);

        Assert.StartsWith(FakeDaemon.Tip(103), (string?)fake.LongPolls[1].Params[0]!["longpollid"]);
    }

    [Fact]
    public async Task TemplatesAsync_LongPollAnswersAtOnceWithTheSameTip_IsNotAskedInALoop()
    {
        await using var fake = new FakeDaemon { LongPollWaits = false };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();

        // Its pauses double: after 1 s, 2 s more, 4 s more.
        foreach (int expected in (int[])[1, 2, 2, 3, 3, 3, 3, 4])
        {
            await _time.BegunAsync(Poll);
            Assert.Equal(expected, fake.LongPolls.Count);
            await _time.ElapseAsync(Poll);
        }

        await _time.BegunAsync(Poll);
        Assert.True(reading.IsWaiting);
        fake.NewBlock();
        await _time.ElapseAsync(Poll);
        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task TemplatesAsync_NoLongPollOffered_TheTipIsPolled()
    {
        await using var fake = new FakeDaemon { OffersLongPoll = false };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await _time.ElapseAsync(Poll);
        await _time.BegunAsync(Poll);
        Assert.True(reading.IsWaiting);

        fake.NewBlock();
        await _time.ElapseAsync(Poll);

        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Empty(fake.LongPolls);
    }

    [Fact]
    public async Task TemplatesAsync_NothingChanges_OneComesEveryJobInterval()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();

        BlockTemplate later = await JobIntervalAsync(fake, reading);

        Assert.Equal(102, later.Height);
        Assert.Single(fake.LongPolls);
        Assert.Equal(5, fake.Requests.Count(r => r.Method == "getbestblockhash"));
    }

    [Fact]
    public async Task TemplatesAsync_OnlyTheLongPollFails_WorkGoesOnAndItIsTriedLater()
    {
        bool ill = true;
        await using var fake = new FakeDaemon();
        fake.Mood = r => ill && FakeDaemon.IsLongPoll(r) ? RawHttpReply.Of(504, "<html>", "text/html") : null;
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        await _time.BegunAsync(Poll);
        ill = false;
        await _time.ElapseAsync(Poll);
        await fake.UntilAsync(f => f.LongPolls.Count == 2);

        fake.NewBlock();

        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task TemplatesAsync_DaemonStopsAndComesBack_SaysSoAtOnceAndGivesWorkAnew()
    {
        var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        await fake.DisposeAsync();
        await reading.UntilAsync(DaemonState.Absent);

        await using var again = new FakeDaemon(fake.Port);
        await _time.ElapseAsync(TimeSpan.FromMilliseconds(250));

        Assert.Equal(102, (await reading.NextAsync()).Height);
        reading.Ask();
        await again.UntilAsync(f => f.LongPolls.Count == 1);
        Assert.Equal([DaemonState.Ready, DaemonState.Absent, DaemonState.Ready], reading.States);
        Assert.Equal("getblockchaininfo", again.Requests[0].Method);
    }

    [Fact]
    public async Task TemplatesAsync_Cancelled_ThrowsThatAndNothingElse()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        await reading.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(reading.EndAsync);
    }

    [Fact]
    public async Task TemplatesAsync_Disposed_Ends()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        await reading.Daemon.DisposeAsync();

        Assert.False(await reading.EndAsync());
    }

    [Fact]
    public async Task TemplatesAsync_TwiceAtOnce_IsRefusedAndLaterAllowed()
    {
        await using var fake = new FakeDaemon();
        await using var daemon = new CoinDaemon(TemplateReading.Options(fake.Url, _time));
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using (IAsyncEnumerator<BlockTemplate> first = daemon.TemplatesAsync(ct).GetAsyncEnumerator(ct))
        {
            Assert.True(await first.MoveNextAsync());
            await using IAsyncEnumerator<BlockTemplate> second = daemon.TemplatesAsync(ct).GetAsyncEnumerator(ct);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
            fake.NewBlock();
            Assert.True(await first.MoveNextAsync());
        }

        await using IAsyncEnumerator<BlockTemplate> third = daemon.TemplatesAsync(ct).GetAsyncEnumerator(ct);
        Assert.True(await third.MoveNextAsync());
    }

    /// <summary>Six tip checks on, the template is as old as it may be.</summary>
    private async Task<BlockTemplate> JobIntervalAsync(FakeDaemon fake, TemplateReading reading)
    {
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count > 0);
        for (int i = 0; i < 6; i++)
        {
            await _time.ElapseAsync(TipCheck);
        }

        return await reading.NextAsync();
    }
}
