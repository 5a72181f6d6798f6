using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Pool.Tests;

public sealed class KeptBlockTests : IAsyncDisposable
{
    private const int Depth = 6;
    private static readonly SubmitAnswer s_yes = SubmitAnswer.Of((string?)null);
    private static readonly SubmitAnswer s_lost = SubmitAnswer.Of("inconclusive");
    private static readonly SubmitAnswer s_no = SubmitAnswer.Of("high-hash");
    private static readonly SubmitAnswer s_orphan = SubmitAnswer.Of("prev-blk-not-found");

    private readonly CoinDaemon _one = Daemon(1);
    private readonly CoinDaemon _two = Daemon(2);
    private readonly KeptBlock _block = new(JournalFixture.Block(0));

    [Fact]
    public void Answer_YesOfOne_AcceptedWhateverTheOtherSays()
    {
        Assert.True(_block.Answer(_one, s_yes, Both));
        Assert.False(_block.Answer(_two, s_no, Both));
        Assert.Equal(BlockState.Accepted, _block.State);
        Assert.True(_block.IsOpen);
    }

    [Fact]
    public void Answer_NoOfAll_RefusedAndClosedOnlyThen()
    {
        Assert.True(_block.Answer(_one, s_no, Both));
        Assert.Equal(BlockState.Refused, _block.State);
        Assert.True(_block.IsOpen, "the other one may know better");
        Assert.True(_block.Answer(_two, s_no, Both));
        Assert.False(_block.IsOpen);
        Assert.Equal("high-hash", _block.Describe().Reason);
    }

    [Fact]
    public void Answer_NoThenYesOfTheOther_Accepted()
    {
        _block.Answer(_one, s_no, Both);
        Assert.True(_block.Answer(_two, s_yes, Both));
        Assert.Equal(BlockState.Accepted, _block.State);
        Assert.Null(_block.Describe().Reason);
    }

    [Fact]
    public void Answer_Unknown_ChangesNothing()
    {
        Assert.False(_block.Answer(_one, s_orphan, Both));
        Assert.Equal(BlockState.Found, _block.State);
        Assert.True(_block.IsOpen);
        Assert.Equal(SubmitVerdict.Unknown, _block.VerdictOf(_one));
        Assert.Null(_block.VerdictOf(_two));
    }

    [Fact]
    public void Look_DeepEnough_ClosesAtTheDepthAndNotBefore()
    {
        _block.Answer(_one, s_yes, Both);
        for (var confirmations = 1; confirmations < Depth; confirmations++)
        {
            Assert.Equal(BlockNews.Depth, _block.Look(_one, confirmations, confirmations, Depth));
            Assert.True(_block.IsOpen);
        }
        Assert.Equal(BlockNews.State, _block.Look(_one, Depth, Depth, Depth));
        Assert.Equal(BlockState.Deep, _block.State);
        Assert.False(_block.IsOpen);
        Assert.Equal(BlockNews.None, _block.Look(_one, Depth + 1, Depth + 1, Depth));
    }

    [Fact]
    public void Look_FellOutOfTheChainAndCameBack_OrphanedThenAccepted()
    {
        _block.Answer(_one, s_yes, Both);
        _block.Look(_one, 1, 1, Depth);
        Assert.Equal(BlockNews.State, _block.Look(_one, -1, 2, Depth));
        Assert.Equal(BlockState.Orphaned, _block.State);
        Assert.True(_block.IsOpen, "the chain may come back");
        Assert.Equal(BlockNews.State, _block.Look(_one, 3, 3, Depth));
        Assert.Equal(BlockState.Accepted, _block.State);
        Assert.Equal(BlockNews.State, _block.Look(_one, -1, 4, Depth));
        _block.Look(_one, -1, Depth, Depth);
        Assert.Equal(BlockState.Orphaned, _block.State);
        Assert.False(_block.IsOpen);
    }

    [Fact]
    public void Look_LostRace_StaysOneAndClosesWhenTheOtherBlockIsDeep()
    {
        Assert.True(_block.Answer(_one, s_lost, Both));
        _block.Look(_one, -1, 1, Depth);
        Assert.Equal(BlockState.LostRace, _block.State);
        Assert.True(_block.IsOpen);
        _block.Look(_one, -1, Depth, Depth);
        Assert.Equal(BlockState.LostRace, _block.State);
        Assert.False(_block.IsOpen);
        Assert.Equal("inconclusive", _block.Describe().Reason);
    }

    [Fact]
    public void Look_LostRaceThatWinsAfterAll_Accepted()
    {
        _block.Answer(_one, s_lost, Both);
        Assert.Equal(BlockNews.State, _block.Look(_one, 2, 2, Depth));
        Assert.Equal(BlockState.Accepted, _block.State);
    }

    [Fact]
    public void Answer_YesAfterALostRace_AcceptedUnlessTheChainSaysOtherwise()
    {
        _block.Answer(_one, s_lost, Both);
        Assert.True(_block.Answer(_two, s_yes, Both));
        Assert.Equal(BlockState.Accepted, _block.State);
        _block.Look(_one, -1, 2, Depth);
        _block.Answer(_two, s_yes, Both);
        Assert.Equal(BlockState.Orphaned, _block.State);
    }

    [Fact]
    public void GiveUp_RefusedByTheOneThatAnswers_Closes()
    {
        _block.Answer(_one, s_no, Both);
        Assert.True(_block.IsOpen);
        Assert.True(_block.GiveUp(_one));
        Assert.False(_block.IsOpen);
        Assert.Equal("high-hash", _block.Describe().Reason);
    }

    [Fact]
    public void GiveUp_OnlyWhenTheParentIsUnknown_Closes()
    {
        _block.Answer(_one, s_yes, Both);
        Assert.False(_block.GiveUp(_one));
        _block.Answer(_one, s_orphan, Both);
        Assert.True(_block.GiveUp(_one));
        Assert.False(_block.IsOpen);
        Assert.Equal("prev-blk-not-found", _block.Describe().Reason);
    }

    [Fact]
    public void IsFirstWord_Once()
    {
        Assert.True(_block.IsFirstWord());
        Assert.False(_block.IsFirstWord());
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    private CoinDaemon[] Both => [_one, _two];

    private static CoinDaemon Daemon(int port) => new(new CoinDaemonOptions
    {
        Url = new Uri($"http://127.0.0.1:{port}"), CookieFile = "none", Coin = Coin.Bitcoin, Network = Coin.Bitcoin.GetNetwork("regtest"),
    });
}
