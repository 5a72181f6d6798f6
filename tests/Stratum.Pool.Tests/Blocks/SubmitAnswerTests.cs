using Stratum.Rpc;

namespace Stratum.Pool.Tests;

public class SubmitAnswerTests
{
    [Theory]
    [InlineData(null, SubmitVerdict.Accepted)]
    [InlineData("duplicate", SubmitVerdict.Accepted)]
    [InlineData("inconclusive", SubmitVerdict.LostRace)]
    [InlineData("duplicate-inconclusive", SubmitVerdict.LostRace)]
    [InlineData("prev-blk-not-found", SubmitVerdict.Unknown)]
    [InlineData("time-too-new", SubmitVerdict.Unknown)]
    [InlineData("high-hash", SubmitVerdict.Refused)]
    [InlineData("duplicate-invalid", SubmitVerdict.Refused)]
    [InlineData("bad-txnmrklroot", SubmitVerdict.Refused)]
    [InlineData("rejected", SubmitVerdict.Refused)]
    public void Of_Word_MeansWhatDaemonsMean(string? word, object verdict)
    {
        var answer = SubmitAnswer.Of(word);
        Assert.Equal(verdict, answer.Verdict);
        Assert.Equal(word, answer.Word);
        Assert.False(answer.IsAway);
    }

    [Theory]
    [InlineData(-22, SubmitVerdict.Refused, false)]
    // Loading; a full disk of the daemon; its memory; its queue: none is a word on the block.
    [InlineData(-28, SubmitVerdict.Unknown, true)]
    [InlineData(-25, SubmitVerdict.Unknown, false)]
    [InlineData(-1, SubmitVerdict.Unknown, false)]
    [InlineData(-32601, SubmitVerdict.Unknown, false)]
    public void Of_Error_OnlyUnreadableBytesAreALastWord(int code, object verdict, bool away)
    {
        var answer = SubmitAnswer.Of(new RpcException(code, "words"));
        Assert.Equal(verdict, answer.Verdict);
        Assert.Equal(away, answer.IsAway);
        Assert.Contains("words", answer.Word);
    }

    [Fact]
    public void Of_TroubleThatIsNotTheDaemons_DoesNotKeepTheNextBlock()
    {
        foreach (var error in new Exception[] { new JournalException(JournalProblem.NoBlock, "x"), new FormatException("x") })
            Assert.Equal(new SubmitAnswer(SubmitVerdict.Unknown, "x"), SubmitAnswer.Of(error));
    }

    [Fact]
    public void Of_NoAnswer_IsUnknownAndAway()
    {
        foreach (var failure in Enum.GetValues<RpcTransportFailure>())
        {
            var answer = SubmitAnswer.Of(new RpcTransportException(failure, "gone"));
            Assert.Equal(new SubmitAnswer(SubmitVerdict.Unknown, "gone", true), answer);
        }
    }
}
