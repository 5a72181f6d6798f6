using Stratum.Mining;

namespace Stratum.Server;

/// <summary>A share as it reaches your handler: judged already.</summary>
/// <param name="Worker">Who is credited.</param>
/// <param name="JobId">As submitted.</param>
/// <param name="Job">The job; null when it was not found.</param>
/// <param name="Extranonce2">The miner's part of the coinbase.</param>
/// <param name="Time">Block time, seconds since 1970.</param>
/// <param name="Nonce">As a number.</param>
/// <param name="VersionBits">The sixth parameter; 0 when absent.</param>
/// <param name="Verdict">How it was judged.</param>
/// <param name="Difficulty">What it counts: its job's difficulty, or 0.</param>
/// <param name="ShareDifficulty">What its hash reaches; 0 when nothing was hashed.</param>
/// <param name="BlockId">The header's id; zero unless a target was met.</param>
/// <param name="IsBlock">It solves a block, which was handed on already.</param>
public readonly record struct Submit(
    WorkerName Worker,
    JobId JobId,
    Job? Job,
    Extranonce Extranonce2,
    uint Time,
    uint Nonce,
    uint VersionBits,
    ShareVerdict Verdict,
    Difficulty Difficulty,
    Difficulty ShareDifficulty,
    Hash256 BlockId,
    bool IsBlock);
