using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class ShareErrorsTests
{
    [Theory]
    [InlineData(ShareVerdict.Malformed, 20, "Malformed share")]
    [InlineData(ShareVerdict.BadVersionBits, 20, "Version bits outside the mask")]
    [InlineData(ShareVerdict.BadTime, 20, "Time out of range")]
    [InlineData(ShareVerdict.Unjudged, 20, "The share cannot be judged")]
    [InlineData(ShareVerdict.JobNotFound, 21, "Job not found")]
    [InlineData(ShareVerdict.Stale, 21, "Stale work")]
    [InlineData(ShareVerdict.Duplicate, 22, "Duplicate share")]
    [InlineData(ShareVerdict.LowDifficulty, 23, "Low difficulty share")]
    [InlineData(ShareVerdict.Unauthorized, 24, "Unauthorized worker")]
    [InlineData(ShareVerdict.NotSubscribed, 25, "Not subscribed")]
    public void Of_EveryRefusal_HasItsCodeAndText(ShareVerdict verdict, int code, string text) =>
        Assert.Equal(new RemoteError(code, text), ShareErrors.Of(verdict));

    [Fact]
    public void Of_EveryVerdict_IsInTheTableButAccepted()
    {
        foreach (ShareVerdict verdict in Enum.GetValues<ShareVerdict>())
        {
            if (verdict == ShareVerdict.Accepted)
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => ShareErrors.Of(verdict));
            }
            else
            {
                Assert.InRange(ShareErrors.Of(verdict).Code, 20, 25);
            }
        }
    }
}
