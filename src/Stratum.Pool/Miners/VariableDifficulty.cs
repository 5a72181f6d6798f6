using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>Keeps each miner near one share per interval.</summary>
/// <param name="interval">The wished time between two shares of one session; 10 s and more keep the load small.</param>
public sealed class VariableDifficulty(TimeSpan interval) : IDifficultyPolicy
{
    /// <inheritdoc/>
    public Difficulty? Next(in DifficultySample sample)
    {
        var next = Retarget.Next(sample.Current, sample.Elapsed, sample.Shares, interval);
        // A value that the miner or the operator does not allow would be asked for again every second.
        return next is { } value && value < sample.Minimum && sample.Current <= sample.Minimum ? null : next;
    }
}
