using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A tip is its hash: every way to another one brings work at once, and each brings it once.</summary>
public sealed class TipTests
{
    private static readonly TimeSpan TipCheck = TimeSpan.FromSeconds(5);

    private readonly SteppedTime _time = new();

    private static readonly Dictionary<string, Action<FakeDaemon>> Moves = new()
    {
        ["forward"] = f => f.NewBlock(),
        ["back"] = f => f.GoBack(),
        ["to a rival"] = f => f.Reorganize(),
        ["far back"] = f => f.SetHeight(99),
    };

    [Theory]
    [InlineData("forward", 103)]
    [InlineData("back", 101)]
    [InlineData("to a rival", 102)]
    [InlineData("far back", 99)]
    public async Task TemplatesAsync_OtherTip_ComesByLongPoll(string move, int height)
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        Moves[move](fake);

        BlockTemplate next = await reading.NextAsync();
        Assert.Equal(height, next.Height);
        Assert.Equal(fake.BestBlock, next.PreviousBlock.ToString());
    }

    [Theory]
    [InlineData("forward", 103)]
    [InlineData("back", 101)]
    [InlineData("to a rival", 102)]
    [InlineData("far back", 99)]
    public async Task TemplatesAsync_OtherTip_ComesByTheTipCheck(string move, int height)
    {
        await using var fake = new FakeDaemon { LongPollHangs = true };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        Moves[move](fake);
        await _time.ElapseAsync(TipCheck);

        BlockTemplate next = await reading.NextAsync();
        Assert.Equal(height, next.Height);
        Assert.Equal(fake.BestBlock, next.PreviousBlock.ToString());
    }

    [Theory]
    [InlineData("forward", 103)]
    [InlineData("back", 101)]
    [InlineData("to a rival", 102)]
    [InlineData("far back", 99)]
    public async Task Announce_OtherTip_ComesAtOnce(string move, int height)
    {
        await using var fake = new FakeDaemon { LongPollHangs = true };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);

        Moves[move](fake);
        reading.Daemon.Announce(Hash256.Parse(fake.BestBlock));

        Assert.Equal(height, (await reading.NextAsync()).Height);
        Assert.DoesNotContain(fake.Requests, r => r.Method == "getbestblockhash");
    }

    [Fact]
    public async Task Announce_BlockOfTheTemplateInHand_AsksNothing()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        int before = fake.Requests.Count;

        reading.Daemon.Announce(Hash256.Parse(fake.BestBlock));
        do
        {
            // The first may end the wait that the announcement has ended already.
            await _time.ElapseAsync(TipCheck);
            await _time.BegunAsync(TipCheck);
        }
        while (fake.Requests.Count == before);

        Assert.Equal("getbestblockhash", fake.Requests[before].Method);
        Assert.True(reading.IsWaiting);
    }

    [Fact]
    public async Task Announce_BlockThatTheDaemonDoesNotHave_IsLookedAtAndNothingGiven()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        int before = fake.Requests.Count;

        reading.Daemon.Announce(Hash256.Parse(new string('e', 64)));
        await fake.UntilAsync(f => f.Requests.Count > before);
        fake.NewBlock();

        Assert.Equal(103, (await reading.NextAsync()).Height);
    }

    [Fact]
    public async Task Announce_TwiceAndByLongPollToo_GivesTheTipOnce()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await reading.NextAsync();
        for (int height = 103; height < 123; height++)
        {
            reading.Ask();
            await fake.UntilAsync(f => f.LongPolls.Count == height - 102);
            fake.NewBlock();
            reading.Daemon.Announce(Hash256.Parse(fake.BestBlock));
            reading.Daemon.Announce(Hash256.Parse(fake.BestBlock));

            Assert.Equal(height, (await reading.NextAsync()).Height);
        }
    }

    [Fact]
    public async Task TemplatesAsync_LongPollAnsweredBeforeANewerTemplateCame_DoesNotTakeTheWorkBack()
    {
        string? held = null;
        await using var fake = new FakeDaemon();
        var release = new TaskCompletionSource<RawHttpReply>();
        await using var proxy = new RawHttpServer(async (request, ct) =>
        {
            if (FakeDaemon.IsLongPoll(request) && held is null)
            {
                held = request.Body;
                return await release.Task.WaitAsync(ct);
            }

            return await fake.AnswerAsync(request, ct);
        });
        await using var reading = new TemplateReading(TemplateReading.Options(proxy.Url, _time));
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(_ => held is not null);
        fake.NewBlock();
        RawHttpReply older = RawHttpReply.Result(fake.TemplateText);
        fake.NewBlock();
        reading.Daemon.Announce(Hash256.Parse(fake.BestBlock));
        Assert.Equal(104, (await reading.NextAsync()).Height);

        reading.Ask();
        release.SetResult(older);
        await fake.UntilAsync(f => f.LongPolls.Count == 1 || !reading.IsWaiting);
        fake.NewBlock();

        Assert.Equal(105, (await reading.NextAsync()).Height);
    }

    [Fact]
    public async Task TemplatesAsync_TemplateThatContradictsItself_SaysSoAndGivesTheNext()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url) with
        {
            FindContradiction = (t, coin) => t.Height == 103 && coin == Coin.Litecoin ? "the reward is too high" : null,
        });
        await reading.NextAsync();
        reading.Ask();

        fake.NewBlock();
        DaemonStatus status = await reading.UntilAsync(DaemonState.Failing);
        fake.NewBlock();

        Assert.Equal(104, (await reading.NextAsync()).Height);
        Assert.EndsWith("gives a template that cannot be used: the reward is too high.", status.Text);
        Assert.Equal([DaemonState.Ready, DaemonState.Failing, DaemonState.Ready], reading.States);
    }
}
