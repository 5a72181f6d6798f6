using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// Finds the shares of <see cref="LoadMode.Solve"/>, where they are sent: a server under test has a difficulty that
/// most nonces meet, or it would be the test's processor that is measured.
/// </summary>
internal sealed class ShareSolver(string algorithm)
{
    private readonly NonceScanner _scanner = NonceScanner.Create(algorithm);
    private readonly uint _scale = algorithm == "scrypt" ? 65536u : 1u;

    // Some 20 ms on one processor.
    private readonly double _mostHashes = algorithm == "scrypt" ? 100 : 200_000;

    /// <summary>Begins with a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="search">Where its shares come from; null when every hash is a share.</param>
    /// <returns>Why it is not solved here, in words that continue "the server"; null when it is.</returns>
    public string? Begin(ClientJob job, out JobSearch? search)
    {
        var target = Target.FromDifficulty(job.Difficulty, _scale);
        search = target == Target.Max ? null : new JobSearch(_scanner, job, target);
        double hashes = job.Difficulty.Value / Difficulty.Floor(_scale).Value;
        return hashes <= _mostHashes ? null
            : $"set the difficulty {job.Difficulty}: a share takes {hashes:0} hashes, and solve is made for {_mostHashes:0} at most. "
                + $"Set the server's difficulty to {new Difficulty(_mostHashes * Difficulty.Floor(_scale).Value)} or less, or use submit";
    }
}
