namespace Stratum.Mining.Tests;

public class RetargetTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(10, 1, null)] // on the goal
    [InlineData(1, 7, null)] // too few to tell
    [InlineData(30, 0, null)] // too short a silence to tell
    [InlineData(100, 15, null)] // within the factor of two
    public void Next_NothingReliable_IsUnchanged(double seconds, int shares, double? expected) =>
        Assert.Equal(expected, Retarget.Next(new Difficulty(1), TimeSpan.FromSeconds(seconds), shares, s_interval)?.Value);

    [Theory]
    [InlineData(1, 1, 8, 16)] // a flood: by the greatest step
    [InlineData(1, 40, 20, 5.12)]
    [InlineData(1000, 60, 0, 83.3)] // silence
    [InlineData(0.00001, 60, 0, 8.33e-7)]
    public void Next_FarFromTheGoal_Corrects(double current, double seconds, int shares, double expected) =>
        Assert.Equal(expected, Retarget.Next(new Difficulty(current), TimeSpan.FromSeconds(seconds), shares, s_interval)!.Value.Value, expected * 1e-9);

    [Theory]
    [InlineData(1e6)]
    [InlineData(1e13)]
    public void Next_SimulatedMiner_ConvergesNearTheGoal(double hashesPerSecond)
    {
        var random = new Random(8);
        var difficulty = new Difficulty(0.001);
        for (var round = 0; round < 60; round++)
        {
            double seconds = 0;
            var shares = 0;
            while (true)
            {
                var mean = difficulty.Value * 4294967296 / hashesPerSecond;
                seconds += -Math.Log(1 - random.NextDouble()) * mean;
                shares++;
                if (Retarget.Next(difficulty, TimeSpan.FromSeconds(seconds), shares, s_interval) is { } next)
                {
                    difficulty = next;
                    break;
                }
                if (shares > 50)
                    break;
            }
        }
        Assert.InRange(difficulty.Value * 4294967296 / hashesPerSecond, 4, 25);
    }
}
