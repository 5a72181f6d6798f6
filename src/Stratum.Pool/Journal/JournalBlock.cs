using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>A found block as it is written before it is submitted.</summary>
public sealed record JournalBlock
{
    /// <summary>Its id.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>Its height.</summary>
    public required long Height { get; init; }

    /// <summary>The coin's name: <c>litecoin</c>.</summary>
    public required string Coin { get; init; }

    /// <summary>The network's name: <c>regtest</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Who found it. Texts longer than 1000 characters are cut.</summary>
    public required string Worker { get; init; }

    /// <summary>When it was found.</summary>
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>The whole block as <c>submitblock</c> takes it, at least a header of 80 bytes and at most 64 MiB. Not
    /// copied: it must not change until <see cref="BlockJournal.AddAsync"/> is done.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }
}
