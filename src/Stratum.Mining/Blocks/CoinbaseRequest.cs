namespace Stratum.Mining;

/// <summary>What a coinbase is built from.</summary>
public sealed record CoinbaseRequest
{
    /// <summary>Height of the block, which BIP 34 wants first in the scriptSig.</summary>
    public required long Height { get; init; }

    /// <summary>The values of the template's <c>coinbaseaux</c>, one after the other.</summary>
    public ReadOnlyMemory<byte> Aux { get; init; }

    /// <summary>Bytes that make this coinbase differ from another of the same template.</summary>
    public ReadOnlyMemory<byte> Salt { get; init; }

    /// <summary>Text behind the extranonce, by which others recognise the pool.</summary>
    public string Tag { get; init; } = "";

    /// <summary>extranonce1 + extranonce2 in bytes.</summary>
    /// <value>Default 12.</value>
    public int ExtranonceSize { get; init; } = 12;

    /// <summary>Who is paid.</summary>
    public required IReadOnlyList<CoinbaseOutput> Outputs { get; init; }

    /// <summary>
    /// The script of the witness commitment (BIP 141), which becomes the last output; null without segwit.
    /// </summary>
    public ReadOnlyMemory<byte>? WitnessCommitment { get; init; }

    /// <summary>Version of the transaction.</summary>
    /// <value>Default 2.</value>
    public uint TransactionVersion { get; init; } = 2;

    /// <summary>Lock time of the transaction; BIP 54 (draft) would want height - 1.</summary>
    /// <value>Default 0, as all pools of today.</value>
    public uint LockTime { get; init; }

    /// <summary>Sequence of the input; BIP 54 (draft) would want anything but ffffffff.</summary>
    /// <value>Default ffffffff.</value>
    public uint Sequence { get; init; } = uint.MaxValue;
}
