namespace Stratum.Simulation;

/// <summary>A fault of a <see cref="SimulatedDaemon"/>, and which calls it meets.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Method">The only call that it meets, as <c>submitblock</c>; null: every one.</param>
public sealed record SimulatedFault(SimulatedFaultKind Kind, string? Method = null)
{
    /// <summary>How many calls it meets before it is over.</summary>
    /// <value>Null: it stays until it is taken away.</value>
    public int? Times { get; init; }

    /// <summary>The blanks of <see cref="SimulatedFaultKind.TooLarge"/>, which JSON allows before a value.</summary>
    /// <value>256 MiB: more than any block or template, and loopback carries it within a second.</value>
    public long Bytes { get; init; } = 256L << 20;
}
