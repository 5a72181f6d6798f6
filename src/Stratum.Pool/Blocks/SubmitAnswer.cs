using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Pool;

/// <summary>An answer to <c>submitblock</c> (BIP 22) and what it means.</summary>
/// <param name="Verdict">What it means.</param>
/// <param name="Word">The daemon's word, or why there is none; null for a plain yes.</param>
/// <param name="IsAway">The daemon gives no answers at the moment: the next block would get none either.</param>
public readonly record struct SubmitAnswer(SubmitVerdict Verdict, string? Word, bool IsAway = false)
{
    // Bitcoin Core, rpc/protocol.h.
    private const int DeserializationError = -22;
    private const int InWarmup = -28;

    /// <summary>The daemon does not know the block that this one builds on.</summary>
    internal const string ParentUnknown = "prev-blk-not-found";

    /// <summary>The daemon has it from before, in its best chain or beside it.</summary>
    internal const string Duplicate = "duplicate";

    /// <summary>Submits a block and says what the answer means; for a block that the daemon had before, by its place in the chain.
    /// Never throws but when cancelled.</summary>
    /// <param name="daemon">Who is asked.</param>
    /// <param name="hash">The block's id.</param>
    /// <param name="block">The whole block.</param>
    /// <param name="cancellationToken">Gives up waiting; the block may be in.</param>
    public static async Task<SubmitAnswer> AskAsync(
        CoinDaemon daemon, Hash256 hash, ReadOnlyMemory<byte> block, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        try
        {
            var word = await daemon.SubmitBlockAsync(block, cancellationToken).ConfigureAwait(false);
            return word == Duplicate && await daemon.GetConfirmationsAsync(hash, cancellationToken).ConfigureAwait(false) is < 0
                ? Of("inconclusive")
                : Of(word);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return Of(error);
        }
    }

    /// <summary>The result of the call.</summary>
    internal static SubmitAnswer Of(string? word) => word switch
    {
        null => new SubmitAnswer(SubmitVerdict.Accepted, null),
        Duplicate => new SubmitAnswer(SubmitVerdict.Accepted, word),
        "inconclusive" or "duplicate-inconclusive" => new SubmitAnswer(SubmitVerdict.LostRace, word),
        // It has forgotten the parent or has not got it yet; or its clock is behind. Neither is about the block.
        ParentUnknown or "time-too-new" => new SubmitAnswer(SubmitVerdict.Unknown, word),
        _ => new SubmitAnswer(SubmitVerdict.Refused, word),
    };

    /// <summary>The call failed. A full disk or an exhausted memory of the daemon comes as an error too (-25, -1), so only
    /// bytes that it cannot read as a block are a last word.</summary>
    internal static SubmitAnswer Of(Exception error) => error switch
    {
        RpcException { Code: DeserializationError } refusal => new SubmitAnswer(SubmitVerdict.Refused, refusal.Message),
        RpcException other => new SubmitAnswer(SubmitVerdict.Unknown, $"{other.Message} ({other.Code})", other.Code == InWarmup),
        RpcTransportException => new SubmitAnswer(SubmitVerdict.Unknown, error.Message, IsAway: true),
        // Not the daemon's fault, or an answer that means nothing: the next block may fare better.
        _ => new SubmitAnswer(SubmitVerdict.Unknown, error.Message),
    };
}
