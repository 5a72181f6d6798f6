using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>A submitted block, read but not yet believed.</summary>
internal sealed record DecodedBlock(
    ReadOnlyMemory<byte> Bytes, Hash256 Hash, BlockHeader Header, IReadOnlyList<DecodedTransaction> Transactions)
{
    // OP_RETURN, a push of 36 bytes, and the four bytes that mark a commitment (BIP 141).
    private static ReadOnlySpan<byte> CommitmentMark => [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];

    public DecodedTransaction Coinbase => Transactions[0];

    /// <summary>Litecoin's extension block, without the 01 before it; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Mweb { get; init; }

    /// <summary>The last transaction, if it is one.</summary>
    public DecodedTransaction? HogEx =>
        Transactions.Count > 1 && Transactions[^1].IsHogEx ? Transactions[^1] : null;

    /// <summary>Where the coinbase begins in <see cref="Bytes"/>.</summary>
    public required int CoinbaseStart { get; init; }

    /// <summary>The script with the witness commitment: the last that looks like one (BIP 141), or empty.</summary>
    public ReadOnlyMemory<byte> Commitment => Coinbase.Outputs
        .LastOrDefault(o => o.Script.Length >= 38 && o.Script.Span.StartsWith(CommitmentMark))?.Script ?? default;

    /// <summary>
    /// Adds the coinbase's 32 zero bytes of witness where the commitment is there and they are not: every node does
    /// so for <c>submitblock</c>, for miners send coinbases without a witness.
    /// </summary>
    public DecodedBlock WithReservedValue()
    {
        if (Commitment.IsEmpty || Coinbase.HasWitness)
        {
            return this;
        }

        var stripped = Coinbase.Stripped.Span;
        byte[] data =
        [
            .. stripped[..4], 0, 1, .. stripped[4..^4], 1, 32, .. Hash256.Zero.ToArray(), .. stripped[^4..],
        ];
        int start = CoinbaseStart;
        byte[] bytes = [.. Bytes.Span[..start], .. data, .. Bytes.Span[(start + stripped.Length)..]];
        var input = Coinbase.Inputs[0] with { Witness = [Hash256.Zero.ToArray()] };
        var coinbase = Coinbase with { Data = data, Inputs = [input] };
        return this with { Bytes = bytes, Transactions = [coinbase, .. Transactions.Skip(1)] };
    }
}
