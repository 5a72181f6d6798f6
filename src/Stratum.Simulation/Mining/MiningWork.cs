using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A job with its target, made once for all threads.</summary>
/// <param name="job">The job.</param>
/// <param name="scale">Of difficulties: 65536 for scrypt.</param>
/// <param name="generation">Counts clean jobs and lost connections: shares of an older one are worth nothing.</param>
internal sealed class MiningWork(ClientJob job, uint scale, int generation)
{
    public ClientJob Job => job;

    public int Generation => generation;

    public Target Target { get; } = Target.FromDifficulty(job.Difficulty, scale);
}
