namespace Stratum.Pool;

/// <summary>What the age of the work means for the miners.</summary>
public enum WorkState
{
    /// <summary>A daemon gives work.</summary>
    Fresh,

    /// <summary>No daemon does; the last work is mined on.</summary>
    Aging,

    /// <summary>It is too old: miners are sent away until there is new work.</summary>
    TooOld,
}
