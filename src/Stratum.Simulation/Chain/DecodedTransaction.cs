using Stratum.Mining;

namespace Stratum.Simulation;

internal sealed record DecodedInput(
    Hash256 PreviousTransaction, uint PreviousOutput, ReadOnlyMemory<byte> Script, uint Sequence)
{
    public IReadOnlyList<ReadOnlyMemory<byte>> Witness { get; init; } = [];
}

/// <summary>A transaction of a submitted block, as it came and without its witness.</summary>
internal sealed record DecodedTransaction
{
    public required ReadOnlyMemory<byte> Data { get; init; }
    public required ReadOnlyMemory<byte> Stripped { get; init; }
    public required uint Version { get; init; }
    public required IReadOnlyList<DecodedInput> Inputs { get; init; }
    public required IReadOnlyList<CoinbaseOutput> Outputs { get; init; }
    public required uint LockTime { get; init; }

    /// <summary>Of the stripped bytes.</summary>
    public required Hash256 TxId { get; init; }

    /// <summary>Of all bytes.</summary>
    public required Hash256 WitnessHash { get; init; }

    /// <summary>Decimal, for a hostile coinbase can claim more than 64 bits hold.</summary>
    public decimal OutputSum => Outputs.Sum(output => (decimal)output.Value);

    /// <summary>Litecoin's transaction that ties the extension block to its block.</summary>
    public bool IsHogEx { get; init; }

    public bool HasWitness => !IsHogEx && Data.Length != Stripped.Length;

    /// <summary>BIP 141; the two marks of a HogEx weigh nothing.</summary>
    public int Weight => 3 * Stripped.Length + (IsHogEx ? Stripped.Length : Data.Length);

    /// <summary>One input that spends nothing: the mark of a coinbase.</summary>
    public bool IsCoinbase =>
        Inputs is [{ PreviousOutput: uint.MaxValue } input] && input.PreviousTransaction.Equals(Hash256.Zero);
}
