namespace Stratum.Mining;

/// <summary>Decides each session's difficulty. Called after accepted shares and once a second; must be quick.</summary>
public interface IDifficultyPolicy
{
    /// <summary>The next difficulty; null: unchanged.</summary>
    Difficulty? Next(in DifficultySample sample);
}
