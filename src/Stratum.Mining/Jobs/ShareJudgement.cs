using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>What <see cref="ShareValidator"/> found out about a share.</summary>
public struct ShareJudgement
{
    private HeaderBytes _header;

    /// <summary>The fate of the share.</summary>
    public ShareVerdict Verdict { get; set; }

    /// <summary>The job; null when it was not found.</summary>
    public Job? Job { get; internal set; }

    /// <summary>
    /// What the miner is credited: the job's difficulty, or 0 for a late share under an old, higher one.
    /// </summary>
    public Difficulty Credit { get; internal set; }

    /// <summary>The difficulty that the hash reaches; 0 when nothing was hashed.</summary>
    public Difficulty ShareDifficulty { get; internal set; }

    /// <summary>The proof-of-work hash; zero when nothing was hashed.</summary>
    public Hash256 ProofOfWork { get; internal set; }

    /// <summary>
    /// The share is a block: submit it, whatever <see cref="Verdict"/> says. True once per block id and source.
    /// </summary>
    public bool IsBlock { get; internal set; }

    /// <summary>The block id; set when the header met the share's or the block's target, else zero.</summary>
    public Hash256 BlockId { get; internal set; }

    /// <summary>The extranonce1 that went into the coinbase.</summary>
    public Extranonce Extranonce1 { get; internal set; }

    /// <summary>The 80 bytes that were hashed; zeros when nothing was.</summary>
    [UnscopedRef]
    public Span<byte> Header => _header;

    [InlineArray(BlockHeader.Size)]
    private struct HeaderBytes
    {
        private byte _first;
    }
}
