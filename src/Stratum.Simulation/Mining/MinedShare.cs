using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A header whose hash meets the job's difficulty.</summary>
/// <param name="Job">The job.</param>
/// <param name="Extranonce2">The miner's part of the coinbase.</param>
/// <param name="Nonce">The header's nonce.</param>
/// <param name="Hash">The proof of work.</param>
/// <param name="Difficulty">What the hash reaches, on the algorithm's scale.</param>
public readonly record struct MinedShare(
    ClientJob Job, Extranonce Extranonce2, uint Nonce, Hash256 Hash, Difficulty Difficulty);
