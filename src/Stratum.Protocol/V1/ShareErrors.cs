using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// The one table from a share's fate to the code and text of its refusal. Only 20 to 25 are used: some miners are
/// confused by others.
/// </summary>
public static class ShareErrors
{
    /// <summary>The error's first two members.</summary>
    /// <param name="verdict">A share's fate; not <see cref="ShareVerdict.Accepted"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An accepted share has no error.</exception>
    public static RemoteError Of(ShareVerdict verdict) => verdict switch
    {
        ShareVerdict.Malformed => new(20, "Malformed share"),
        ShareVerdict.BadVersionBits => new(20, "Version bits outside the mask"),
        ShareVerdict.BadTime => new(20, "Time out of range"),
        ShareVerdict.Unjudged => new(20, "The share cannot be judged"),
        ShareVerdict.JobNotFound => new(21, "Job not found"),
        ShareVerdict.Stale => new(21, "Stale work"),
        ShareVerdict.Duplicate => new(22, "Duplicate share"),
        ShareVerdict.LowDifficulty => new(23, "Low difficulty share"),
        ShareVerdict.Unauthorized => new(24, "Unauthorized worker"),
        ShareVerdict.NotSubscribed => new(25, "Not subscribed"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "There is no error for this verdict"),
    };
}
