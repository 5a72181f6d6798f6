namespace Stratum.Daemon.Tests;

/// <summary>Who is best, apart from any daemon.</summary>
public sealed class StandingTests
{
    private static readonly Standing None = default;
    private static readonly Standing Good = new(StandingGrade.Good, 100, true);
    private static readonly Standing Higher = Good with { Height = 101 };
    private static readonly Standing Lower = Good with { Height = 99 };
    private static readonly Standing Alone = Good with { HasPeers = false };
    private static readonly Standing Slow = Good with { Grade = StandingGrade.Slow };
    private static readonly Standing Stale = Good with { Grade = StandingGrade.Stale };

    [Fact]
    public void Best_NobodyGivesWork_IsNobody() => Assert.Equal(-1, Standing.Best([None, None], 1));

    [Fact]
    public void Best_EqualTerms_StaysWithThePresentOneElseTakesTheFirst()
    {
        Assert.Equal(0, Standing.Best([Good, Good, Good], -1));
        Assert.Equal(1, Standing.Best([Good, Good, Good], 1));
        Assert.Equal(2, Standing.Best([Slow, Slow, Slow], 2));
        Assert.Equal(1, Standing.Best([None, Good, Good], 0));
    }

    [Fact]
    public void Best_OneIsBetter_IsThatOne()
    {
        Standing[][] bestFirst = [[Higher, Good], [Good, Lower], [Good, Alone], [Good, Slow], [Slow, Stale],
            [Higher with { HasPeers = false }, Good], [Slow, Lower], [Lower, Stale], [Lower, None], [Stale, None],
            [Higher with { Grade = StandingGrade.Slow }, Good], [Lower, Higher with { Grade = StandingGrade.Stale }]];
        foreach (Standing[] pair in bestFirst)
        {
            foreach (int present in (int[])[-1, 0, 1])
            {
                Assert.Equal(0, Standing.Best([pair[0], pair[1]], present));
                Assert.Equal(1, Standing.Best([pair[1], pair[0]], present));
            }
        }
    }

    [Fact]
    public void Best_AnyStandings_IsStableAndNeverWorseThanAnother()
    {
        var random = new Random(17);
        for (int turn = 0; turn < 20_000; turn++)
        {
            Standing[] all = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new Standing(
                (StandingGrade)random.Next(4), random.Next(3), random.Next(2) == 0))];

            int best = Standing.Best(all, random.Next(-1, all.Length));

            Assert.Equal(all.All(s => s.Grade == StandingGrade.None), best < 0);
            Assert.Equal(best, Standing.Best(all, best));
            if (best >= 0)
            {
                bool fresh = all.Any(s => s.Grade > StandingGrade.Stale);
                Standing[] rivals = [.. all.Where(s => s.Grade > (fresh ? StandingGrade.Stale : StandingGrade.None))];
                Assert.Equal(rivals.Max(s => s.Height), all[best].Height);
                Assert.Equal(rivals.Where(s => s.Height == all[best].Height).Max(s => s.Grade), all[best].Grade);
            }
        }
    }
}
