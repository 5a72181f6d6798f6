namespace Stratum.Simulation;

/// <summary>The nodes of one simulated network, and what they have in common.</summary>
internal sealed class PeerGroup
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedChain> _nodes = [];

    public TransactionBook Transactions { get; } = new();

    public BitsBook Bits { get; } = new();

    /// <summary>Nodes that ever joined.</summary>
    public ulong Joined { get; private set; }

    public void Join(SimulatedChain node)
    {
        lock (_gate)
        {
            _nodes.Add(node);
            Joined++;
        }
    }

    public void Leave(SimulatedChain node)
    {
        lock (_gate)
        {
            _nodes.Remove(node);
        }
    }

    /// <summary>All other nodes that this one is in touch with.</summary>
    public IReadOnlyList<SimulatedChain> PeersOf(SimulatedChain node)
    {
        lock (_gate)
        {
            return node.Isolated ? [] : [.. _nodes.Where(other => other != node && !other.Isolated)];
        }
    }
}
