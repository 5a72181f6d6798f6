namespace Stratum.Pool;

/// <summary>What a daemon's answer to <c>submitblock</c> means.</summary>
public enum SubmitVerdict
{
    /// <summary>Nobody knows whether the block is in: ask again.</summary>
    Unknown,

    /// <summary>The daemon has it, from now or from before.</summary>
    Accepted,

    /// <summary>Valid, and beside the best chain: another block was first.</summary>
    LostRace,

    /// <summary>The daemon's last word: no.</summary>
    Refused,
}
