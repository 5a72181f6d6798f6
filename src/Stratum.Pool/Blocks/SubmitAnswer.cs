using Stratum.Rpc;

namespace Stratum.Pool;

/// <summary>An answer to <c>submitblock</c> (BIP 22) and what it means.</summary>
/// <param name="Verdict">What it means.</param>
/// <param name="Word">The daemon's word, or why there is none; null for a plain yes.</param>
/// <param name="IsAway">The daemon gives no answers at the moment: the next block would get none either.</param>
internal readonly record struct SubmitAnswer(SubmitVerdict Verdict, string? Word, bool IsAway = false)
{
    // Bitcoin Core, rpc/protocol.h.
    private const int DeserializationError = -22;
    private const int InWarmup = -28;

    /// <summary>The daemon does not know the block that this one builds on.</summary>
    public const string ParentUnknown = "prev-blk-not-found";

    /// <summary>The daemon has it from before, in its best chain or beside it.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The result of the call.</summary>
    public static SubmitAnswer Of(string? word) => word switch
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
    public static SubmitAnswer Of(Exception error) => error switch
    {
        RpcException { Code: DeserializationError } refusal => new SubmitAnswer(SubmitVerdict.Refused, refusal.Message),
        RpcException other => new SubmitAnswer(SubmitVerdict.Unknown, $"{other.Message} ({other.Code})", other.Code == InWarmup),
        _ => new SubmitAnswer(SubmitVerdict.Unknown, error.Message, IsAway: true),
    };
}
