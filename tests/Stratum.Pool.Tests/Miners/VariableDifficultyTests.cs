using Stratum.Mining;

namespace Stratum.Pool.Tests;

public class VariableDifficultyTests
{
    private static readonly VariableDifficulty s_policy = new(TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData(1, 8, 16.0)]
    [InlineData(40, 4, null)]
    [InlineData(60, 0, 0.0833)]
    public void Next_Sample_KeepsNearTheInterval(double seconds, int shares, double? expected) =>
        Assert.Equal(expected, s_policy.Next(Sample(1, seconds, shares, 0.001))?.Value);

    [Fact]
    public void Next_SilentAtTheFloor_AsksForNothing() => Assert.Null(s_policy.Next(Sample(1, 60, 0, 1)));

    private static DifficultySample Sample(double current, double seconds, int shares, double minimum) =>
        new(new Difficulty(current), TimeSpan.FromSeconds(seconds), shares, new Difficulty(minimum), null);
}
