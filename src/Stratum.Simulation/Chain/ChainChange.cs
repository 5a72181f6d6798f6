using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>What happened to the chain while its lock was held; told afterwards.</summary>
internal sealed class ChainChange
{
    /// <summary>Fell out, the highest first.</summary>
    public List<SimulatedBlock> Disconnected { get; } = [];

    /// <summary>Became part of the chain, the lowest first.</summary>
    public List<SimulatedBlock> Connected { get; } = [];

    /// <summary>Blocks that broke a rule when it was their turn, and the rule.</summary>
    public Dictionary<Hash256, string> Refused { get; } = [];

    public bool IsEmpty => Disconnected.Count == 0 && Connected.Count == 0;
}
