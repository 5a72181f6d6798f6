using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>A block of a journal and the last that is known of it.</summary>
public sealed record JournalEntry
{
    /// <summary>The block's id.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>The block's height.</summary>
    public required long Height { get; init; }

    /// <summary>The coin's name.</summary>
    public required string Coin { get; init; }

    /// <summary>The network's name.</summary>
    public required string Network { get; init; }

    /// <summary>Who found it.</summary>
    public required string Worker { get; init; }

    /// <summary>When it was found.</summary>
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>What became of it.</summary>
    public BlockState State { get; init; }

    /// <summary>Whether it must still be submitted again after a daemon's or our own restart.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>Blocks on it, itself included; -1 when it lies beside the best chain, 0 when nobody looked yet.</summary>
    public int Confirmations { get; init; }

    /// <summary>The daemon's own word, such as <c>inconclusive</c>; null when it gave none.</summary>
    public string? Reason { get; init; }

    /// <summary>Which daemon said so; null before any did.</summary>
    public string? Daemon { get; init; }

    /// <summary>When this was recorded; <see cref="FoundAt"/> before anything was.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Bytes of the block.</summary>
    public int Length { get; init; }

    /// <summary>Where its record begins in the file.</summary>
    internal long RecordOffset { get; init; }

    /// <summary>Where it ends.</summary>
    internal long RecordEnd { get; init; }
}
