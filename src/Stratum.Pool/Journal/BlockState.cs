namespace Stratum.Pool;

/// <summary>What is known of a found block.</summary>
public enum BlockState
{
    /// <summary>No daemon has given a definite answer yet.</summary>
    Found,

    /// <summary>A daemon took it; it may still forget it or leave it for another branch.</summary>
    Accepted,

    /// <summary>Valid, but another block of its height came first (<c>inconclusive</c>). It can still win.</summary>
    LostRace,

    /// <summary>It was in the best chain and is no more.</summary>
    Orphaned,

    /// <summary>It has the confirmations that were asked for: the entry is closed.</summary>
    Deep,

    /// <summary>A daemon refused it for a reason that does not pass; closed when every daemon did.</summary>
    Refused,
}
