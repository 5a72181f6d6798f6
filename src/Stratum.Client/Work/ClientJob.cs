using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>
/// A job with all that the session adds to it: what is needed to make headers and to judge their hashes. It stays as
/// it is; what the pool changes later comes with a newer job.
/// </summary>
public sealed record ClientJob
{
    /// <summary>The job as the pool sent it.</summary>
    public required Notify Notify { get; init; }

    /// <summary>The pool's part of the coinbase.</summary>
    public required Extranonce Extranonce1 { get; init; }

    /// <summary>How many bytes of the coinbase are the miner's.</summary>
    public required int Extranonce2Size { get; init; }

    /// <summary>What a share of this job must reach, on the algorithm's scale (65536 for scrypt).</summary>
    public required Difficulty Difficulty { get; init; }

    /// <summary>
    /// Whether version rolling was negotiated: then shares carry their version bits, even if they are 0.
    /// </summary>
    public bool VersionRolling { get; init; }

    /// <summary>The version bits that may be rolled; 0 without version rolling.</summary>
    public uint VersionMask { get; init; }

    /// <summary>
    /// Whether older work is worthless: the pool said so, the extranonce changed, or it is the first job of a
    /// connection. In <see cref="StratumClient.Jobs"/> also when a job between was clean and skipped.
    /// </summary>
    public bool Clean { get; init; }

    /// <summary>The pool's name for it.</summary>
    public string Id => Notify.JobId;

    /// <summary>The header's time, seconds since 1970.</summary>
    public uint Time => Notify.Time;

    /// <summary>Makes the 80 bytes that are hashed.</summary>
    /// <param name="extranonce2">The miner's part, of <see cref="Extranonce2Size"/> bytes.</param>
    /// <param name="time">Seconds since 1970, usually <see cref="Time"/>.</param>
    /// <param name="versionBits">Rolled bits inside <see cref="VersionMask"/>, by BIP 310.</param>
    /// <param name="nonce">The number at offset 76, little-endian there.</param>
    /// <exception cref="ArgumentException">Extranonce2 has another size, or a bit is outside the mask.</exception>
    public byte[] BuildHeader(in Extranonce extranonce2, uint time, uint versionBits = 0, uint nonce = 0)
    {
        if (extranonce2.Length != Extranonce2Size)
            throw new ArgumentException($"Extranonce2 has {extranonce2.Length} bytes, the pool wants {Extranonce2Size}", nameof(extranonce2));
        if ((versionBits & ~VersionMask) != 0)
            throw new ArgumentException($"Version bits {versionBits:x8} are outside the mask {VersionMask:x8}", nameof(versionBits));
        uint version = (Notify.Version & ~VersionMask) | versionBits;
        var header = new BlockHeader(version, Notify.PreviousBlock, MerkleRoot(extranonce2), time, Notify.Bits, nonce);
        byte[] bytes = new byte[BlockHeader.Size];
        header.Write(bytes);
        return bytes;
    }

    private Hash256 MerkleRoot(in Extranonce extranonce2)
    {
        var part1 = Notify.Coinbase1.Span;
        var part2 = Notify.Coinbase2.Span;
        byte[] coinbase = new byte[part1.Length + Extranonce1.Length + extranonce2.Length + part2.Length];
        part1.CopyTo(coinbase);
        Extranonce1.CopyTo(coinbase.AsSpan(part1.Length));
        extranonce2.CopyTo(coinbase.AsSpan(part1.Length + Extranonce1.Length));
        part2.CopyTo(coinbase.AsSpan(coinbase.Length - part2.Length));
        return MerkleBranch.Root(Sha256d.Hash(coinbase), Notify.MerkleBranch.Span);
    }
}
