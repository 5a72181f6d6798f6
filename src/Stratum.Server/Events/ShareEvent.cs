using Stratum.Mining;

namespace Stratum.Server;

/// <summary>A share and its answer. A value: copying it costs nothing.</summary>
/// <param name="Session">Where it came from.</param>
/// <param name="Share">As judged and, where a handler is registered, as it saw it.</param>
/// <param name="Result">As answered.</param>
public readonly record struct ShareEvent(StratumSession Session, Submit Share, ShareResult Result)
{
    /// <summary>Who is credited.</summary>
    public WorkerName Worker => Share.Worker;

    /// <summary>What is credited.</summary>
    public Difficulty Difficulty => Result.Credit ?? Share.Difficulty;

    /// <summary>What its hash reaches.</summary>
    public Difficulty ShareDifficulty => Share.ShareDifficulty;
}
