using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":1,"result":["0100..","0200.."],"error":null}</c>: the job's transactions without the coinbase, in block
/// order. Anything but an array makes BFGMiner treat the pool as opaque.
/// </summary>
/// <param name="Transactions">Whole serialized transactions.</param>
public sealed record GetTransactionsResult(IReadOnlyList<ReadOnlyMemory<byte>> Transactions)
{
    /// <summary>Reads the result. Never throws.</summary>
    /// <param name="rawResult"><see cref="Message.Result"/>.</param>
    /// <param name="value">The transactions.</param>
    /// <param name="error">What is wrong with the result; ckpool answers with a count.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawResult,
        [NotNullWhen(true)] out GetTransactionsResult? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfArray(rawResult, "The result must be an array of transactions");
        var transactions = new List<ReadOnlyMemory<byte>>();
        while (list.Next())
        {
            transactions.Add(list.Bytes("Each transaction must be a string of hex digits"));
        }

        error = list.Finish();
        value = error is null ? new GetTransactionsResult(transactions) : null;
        return value is not null;
    }

    /// <summary>Writes the answer.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw.</param>
    public void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> id)
    {
        MessageWriter.BeginResult(writer, id);
        ReadOnlySpan<byte> separator = "["u8;
        foreach (ReadOnlyMemory<byte> transaction in Transactions)
        {
            writer.Write(separator);
            writer.PutHex(transaction.Span);
            separator = ","u8;
        }

        writer.Write(Transactions.Count == 0 ? "[]"u8 : "]"u8);
        MessageWriter.EndResult(writer);
    }
}
