using System.Numerics;

namespace Stratum.Server.Tests;

/// <summary>What a miner found: the fields of a submit, and what only the test knows.</summary>
internal sealed record Solution(string JobId, string Extranonce2, string Time, string Nonce, string? VersionBits, BigInteger Hash)
{
    /// <summary>The difficulty that the hash reaches.</summary>
    public double Difficulty => (double)Solver.DifficultyOne / (double)Hash;

    /// <summary>The block's id as everybody writes it.</summary>
    public string BlockId => Hash.ToString("x64")[^64..];

    public string Parameters(string worker = "w") =>
        $"""["{worker}","{JobId}","{Extranonce2}","{Time}","{Nonce}"{(VersionBits is null ? "" : $",\"{VersionBits}\"")}]""";
}
