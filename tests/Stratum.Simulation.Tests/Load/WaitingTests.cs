namespace Stratum.Simulation.Tests;

public sealed class WaitingTests
{
    private const long Ids = SubmitLine.LastId - SubmitLine.FirstId + 1;

    [Theory]
    [InlineData(0)]
    [InlineData(Ids - 3)] // the ids begin again
    [InlineData((5 * Ids) - 3)]
    public void TryTake_AnyOrder_EachOnceWithItsMoment(long before)
    {
        var random = new Random(1);
        var waiting = new Waiting(before);
        var open = new List<(int Id, long Since)>();
        for (int i = 1; i <= 2000; i++)
        {
            open.Add((waiting.NextId, i));
            waiting.Add(i);
            while (open.Count > random.Next(40))
            {
                var (id, since) = open[random.Next(open.Count)];
                open.Remove((id, since));
                Assert.True(waiting.TryTake(id, out long taken));
                Assert.Equal(since, taken);
                Assert.False(waiting.TryTake(id, out _));
            }

            Assert.Equal(open.Count, waiting.Count);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SubmitLine.FirstId - 1)]
    [InlineData(SubmitLine.FirstId + 1)]
    [InlineData(SubmitLine.LastId)]
    [InlineData(SubmitLine.LastId + 1)]
    [InlineData(int.MaxValue)]
    public void TryTake_IdThatNeverWentOut_False(int id)
    {
        var waiting = default(Waiting);
        Assert.False(waiting.TryTake(id, out _));
        waiting.Add(1);
        Assert.False(waiting.TryTake(id, out _));
        Assert.True(waiting.TryTake(SubmitLine.FirstId, out _));
    }

    [Fact]
    public void IsFull_TheOldestIsNeverAnswered_AfterItsMost()
    {
        var waiting = default(Waiting);
        waiting.Add(7);
        for (int i = 1; i < Waiting.Most; i++)
        {
            Assert.False(waiting.IsFull);
            int id = waiting.NextId;
            waiting.Add(i);
            Assert.True(waiting.TryTake(id, out _));
        }

        Assert.True(waiting.IsFull);
        Assert.Equal(1, waiting.Count);
        Assert.True(waiting.TryTake(SubmitLine.FirstId, out long since));
        Assert.Equal(7, since);
        Assert.False(waiting.IsFull);
    }
}
