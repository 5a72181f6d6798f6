namespace Stratum.Mining;

/// <summary>
/// What became of a share. A value, never an exception; its code and text on the V1 wire are in one table of
/// <c>Stratum.Protocol</c>. The order here is the order of the checks.
/// </summary>
public enum ShareVerdict
{
    /// <summary>
    /// Valid and counted; also an older job's share that meets only the new, lower difficulty (credit 0).
    /// </summary>
    Accepted,

    /// <summary>A field could not be read, or extranonce2 has not exactly the agreed size.</summary>
    Malformed,

    /// <summary>The session has not subscribed.</summary>
    NotSubscribed,

    /// <summary>The job is unknown, forgotten, or was never sent to this subscription.</summary>
    JobNotFound,

    /// <summary>The worker is not authorized on this session.</summary>
    Unauthorized,

    /// <summary>Version bits outside the negotiated mask.</summary>
    BadVersionBits,

    /// <summary>The time is below the template's minimum or too far in the future.</summary>
    BadTime,

    /// <summary>The job's previous block is no longer the tip.</summary>
    Stale,

    /// <summary>The proof of work does not meet the target that was sent with the job.</summary>
    LowDifficulty,

    /// <summary>The same block header was counted before.</summary>
    Duplicate,

    /// <summary>
    /// The work cannot be judged here (an unknown algorithm, a notify written raw): a handler decides.
    /// </summary>
    Unjudged,
}
