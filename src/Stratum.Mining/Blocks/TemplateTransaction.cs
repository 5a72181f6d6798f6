namespace Stratum.Mining;

/// <summary>A transaction of a template.</summary>
public sealed record TemplateTransaction
{
    /// <summary>As it stands in a block, with its witness.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>
    /// The id that goes into the merkle tree; never computed from <see cref="Data"/> (Litecoin's HogEx differs).
    /// </summary>
    public required Hash256 TxId { get; init; }

    /// <summary>The hash with witness (wtxid).</summary>
    public required Hash256 WitnessHash { get; init; }

    /// <summary>Fee in the coin's smallest unit; 0 when the node did not say, never used for the coinbase.</summary>
    public long Fee { get; init; }

    /// <summary>Whether <see cref="Fee"/> is what the node said; a fee below 0 is nothing that can be meant.</summary>
    /// <value>Default true; false when the node gave no fee (BIP 22: it may), so that no sum is made of it.</value>
    public bool FeeIsKnown { get; init; } = true;

    /// <summary>Weight; 0 when the node did not say.</summary>
    public long Weight { get; init; }

    /// <summary>Signature operations; 0 when the node did not say.</summary>
    public int Sigops { get; init; }
}
