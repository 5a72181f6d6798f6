namespace Stratum.Simulation;

/// <summary>
/// The difficulty that makes about one block per block time, from nothing but how long blocks took. Times here are
/// in block times. Works on the logarithm, so that a step means the same at any hash rate.
/// </summary>
internal sealed class BlockPace
{
    // Each block moves the logarithm by Gain x (1 - time it took): zero on average exactly when the pace is right.
    // 0.5 keeps the noise of single blocks (their times are exponentially distributed) below a factor of two.
    private const double Gain = 0.5;

    // Three blocks in a row within a quarter of their time happen by luck once in a hundred times. Then the steps
    // grow to a factor of 4, which is how a chain meets a miner a million times stronger within a dozen blocks.
    private const double Quick = 0.25;
    private const int QuickBlocksThatMatter = 3;
    private const double QuickStep = 2;

    // A right difficulty leaves a chain without a block this long once in twenty times; from then on it halves
    // with every block time.
    private const int Patience = 3;

    private readonly double _minimum;
    private readonly double _maximum;
    private double _log2;

    // A new chain knows nothing about its miners: its very first quick block is already believed.
    private int _quickBlocks = QuickBlocksThatMatter - 1;

    public BlockPace(double minimumDifficulty, double maximumDifficulty)
    {
        _minimum = Math.Log2(minimumDifficulty);
        _maximum = Math.Max(_minimum, Math.Log2(maximumDifficulty));
        _log2 = _minimum;
    }

    /// <summary>The difficulty of a block that has been looked for this long.</summary>
    public double Waiting(double elapsed) => Math.Pow(2, Math.Max(_minimum, _log2 - Halvings(elapsed)));

    /// <summary>A block was found after this long; the answer is the difficulty of the next.</summary>
    public double Found(double elapsed)
    {
        _quickBlocks = elapsed < Quick ? _quickBlocks + 1 : 0;
        double step = elapsed >= Patience ? -Halvings(elapsed)
            : _quickBlocks >= QuickBlocksThatMatter ? QuickStep
            : Gain * (1 - elapsed);
        _log2 = Math.Clamp(_log2 + step, _minimum, _maximum);
        return Math.Pow(2, _log2);
    }

    /// <summary>When the difficulty falls next, counted from the tip like <paramref name="elapsed"/>.</summary>
    public double? NextFall(double elapsed) =>
        _log2 - Halvings(elapsed) <= _minimum ? null : Math.Max(Patience, Math.Floor(elapsed) + 1);

    private static double Halvings(double elapsed) =>
        elapsed < Patience ? 0 : Math.Floor(elapsed) - Patience + 1;
}
