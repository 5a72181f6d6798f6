using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":"txlist1f","method":"mining.get_transactions","params":["1f"]}</c>: a miner (BFGMiner) asks what a job's
/// block contains.
/// </summary>
/// <param name="JobId">The job.</param>
public sealed record GetTransactionsRequest(string JobId)
{
    /// <summary>Reads the params. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The request.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out GetTransactionsRequest? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        string jobId = list.NextString("params[0] must be the job id: a string");
        error = list.Finish();
        value = error is null ? new GetTransactionsRequest(jobId) : null;
        return value is not null;
    }

    /// <summary>Writes the line.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        MessageWriter.BeginRequest(writer, id, Methods.GetTransactions);
        writer.Write("["u8);
        writer.PutText(JobId);
        writer.Write("]}\n"u8);
    }
}
