namespace Stratum.Mining;

/// <summary>How a job is made from a template.</summary>
public sealed record JobOptions
{
    /// <summary>Text in the coinbase, by which others recognise the pool.</summary>
    /// <value>Default <c>/Stratum.NET/</c>.</value>
    public string Tag { get; init; } = "/Stratum.NET/";

    /// <summary>
    /// Who else is paid of each block, in this order; what remains goes to the main address. See
    /// <see cref="RewardSplit"/>.
    /// </summary>
    /// <value>Default empty: the main address gets everything.</value>
    public IReadOnlyList<RewardOutput> Outputs { get; init; } = [];

    /// <summary>extranonce1 + extranonce2 in bytes; must be what the <see cref="WorkSource"/> hands out.</summary>
    /// <value>Default 12: 4 + 8, which every proxy and firmware can divide.</value>
    public int ExtranonceSize { get; init; } = 12;

    /// <summary>Version bits that miners may roll instead of the coin's own mask.</summary>
    /// <value>Default null: the coin's. Bits that a template gives a meaning are left out of either.</value>
    public uint? VersionMask { get; init; }

    /// <summary>Whether a session's difficulty may exceed the network's.</summary>
    /// <value>Default false; true for regtest and simulated chains.</value>
    public bool DifficultyMayExceedNetwork { get; init; }
}
