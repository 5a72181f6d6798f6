namespace Stratum.Pool;

/// <summary>What a look at the chain brought for a block.</summary>
internal enum BlockNews
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It lies deeper: for the journal.</summary>
    Depth,

    /// <summary>It became something else: for everybody.</summary>
    State,
}
