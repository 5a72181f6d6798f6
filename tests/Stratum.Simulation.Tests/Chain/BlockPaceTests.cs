namespace Stratum.Simulation.Tests;

public class BlockPaceTests
{
    // Expected hashes of a block of difficulty 1.
    private const double HashesPerDifficulty = 4294967296;

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e4)]
    [InlineData(1e5)]
    [InlineData(1e6)]
    [InlineData(1e7)]
    [InlineData(1e8)]
    public void Found_AnyHashRate_ConvergesWithinTwentyBlocksAndKeepsThePace(double hashRate)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var miner = new Miner(hashRate, seed);
            miner.Mine(20);
            Assert.InRange(miner.Difficulty / miner.RightDifficulty, 1 / 6.0, 6);

            miner.Mine(20);
            double start = miner.Clock;
            miner.Mine(400);
            Assert.InRange((miner.Clock - start) / 400, 0.85, 1.2);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Waiting_HashRateFalls_NextBlockComesSoonAndThePaceReturns(double factor)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var miner = new Miner(1e8, seed);
            miner.Mine(60);
            miner.HashRate /= factor;

            double start = miner.Clock;
            miner.Mine(1);
            Assert.InRange(miner.Clock - start, 0, Math.Log2(factor) + 10);
            miner.Mine(10);
            start = miner.Clock;
            miner.Mine(300);
            Assert.InRange((miner.Clock - start) / 300, 0.85, 1.2);
        }
    }

    [Fact]
    public void Waiting_NobodyMines_FallsToTheMinimumAndNoFurther()
    {
        var pace = new BlockPace(0.5, 1e9);
        for (int i = 0; i < 10; i++)
        {
            pace.Found(0);
        }

        Assert.True(pace.Waiting(2.99) > 1000);
        Assert.Equal(pace.Waiting(0) / 2, pace.Waiting(3), 9);
        Assert.Equal(0.5, pace.Waiting(1000), 9);
        Assert.Null(pace.NextFall(1000));
        Assert.Equal(3, pace.NextFall(0));
        Assert.Equal(5, pace.NextFall(4.5));
        Assert.Equal(0.5, pace.Found(1000), 9);
    }

    [Fact]
    public void Found_EndlessInstantBlocks_StopsAtTheMaximum()
    {
        var pace = new BlockPace(1e-9, 1e6);
        double last = 0;
        for (int i = 0; i < 1000; i++)
        {
            last = pace.Found(0);
        }

        Assert.Equal(1e6, last, 3);
    }

    /// <summary>Finds blocks at random times, as hashing does, while the difficulty falls under it.</summary>
    private sealed class Miner(double hashRate, int seed)
    {
        private readonly BlockPace _pace = new(4.66e-10, 1e9);
        private readonly Random _random = new(seed);

        public double HashRate { get; set; } = hashRate;
        public double Clock { get; private set; }
        public double Difficulty { get; private set; } = 4.66e-10;
        public double RightDifficulty => HashRate / HashesPerDifficulty;

        public void Mine(int blocks)
        {
            for (int i = 0; i < blocks; i++)
            {
                double elapsed = Search();
                Clock += elapsed;
                Difficulty = _pace.Found(elapsed);
            }
        }

        private double Search()
        {
            double luck = -Math.Log(1 - _random.NextDouble());
            double elapsed = 0;
            while (true)
            {
                double hazard = HashRate / (_pace.Waiting(elapsed) * HashesPerDifficulty);
                double until = _pace.NextFall(elapsed) is { } fall ? fall - elapsed : double.PositiveInfinity;
                if (luck <= hazard * until)
                {
                    return elapsed + luck / hazard;
                }

                luck -= hazard * until;
                elapsed += until;
            }
        }
    }
}
