using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Several nodes that see one network, each with a chain and a mempool of its own.</summary>
public sealed partial class SimulatedChain
{
    private volatile bool _isolated;

    /// <summary>
    /// Whether the node is cut off: it neither hears of blocks nor tells of its own, and lags behind its peers or
    /// builds a branch of its own. Setting it to false exchanges all blocks that were missed, and the longest branch
    /// wins.
    /// </summary>
    public bool Isolated
    {
        get => _isolated;
        set
        {
            _isolated = value;
            foreach (var peer in _group.PeersOf(this))
            {
                Pass(peer, this, mined: false);
                Pass(this, peer, mined: false);
            }
        }
    }

    /// <summary>
    /// Another node of the same network: it begins with all blocks of this one and has its own mempool. Blocks that
    /// one node takes in reach the others on the submitter's thread, before <see cref="SubmitBlock"/> returns. A
    /// block may be given to any of them, whichever template it was made from. The caller disposes it.
    /// </summary>
    public SimulatedChain CreatePeer()
    {
        // Wallets elsewhere spend other coins.
        var options = Options with { Seed = Options.Seed + _group.Joined * 0x9e3779b97f4a7c15 };
        SimulatedBlock first;
        lock (_gate)
        {
            first = _store.First.Block;
        }

        var peer = new SimulatedChain(options, _group, first);
        Pass(this, peer, mined: false);
        return peer;
    }

    private void Announce(bool mined)
    {
        foreach (var peer in _group.PeersOf(this))
        {
            Pass(this, peer, mined);
        }
    }

    /// <summary>Gives one node the other's chain as far as it is unknown there. Holds one lock at a time.</summary>
    private static void Pass(SimulatedChain from, SimulatedChain to, bool mined)
    {
        ChainEntry? at;
        lock (from._gate)
        {
            at = from._store.Tip;
        }

        var missing = new Stack<ChainEntry>();
        while (at is not null && !to.Knows(at.Block.Hash))
        {
            missing.Push(at);
            at = at.Parent;
        }

        if (missing.Count > 0)
        {
            to.Take(missing, mined);
        }
    }

    private bool Knows(Hash256 hash)
    {
        lock (_gate)
        {
            return _store.Find(hash) is not null;
        }
    }

    /// <summary>Blocks that a peer has checked: the same rules hold here.</summary>
    private void Take(IEnumerable<ChainEntry> blocks, bool mined)
    {
        ChainChange change;
        lock (_gate)
        {
            Advance();
            foreach (var block in blocks)
            {
                if (_store.Find(block.Block.Hash) is not null)
                {
                    continue;
                }

                if (_store.Find(block.Block.Header.PreviousBlock) is not { } parent
                    || _store.IsInvalid(block.Block.Hash))
                {
                    break;
                }

                _store.Add(block.Block, parent, block.HogEx).Transactions = block.Transactions ?? [];
            }

            change = Activate(mined);
        }

        // The group is complete: whoever gave the block gives it to the others, too.
        Tell(change, mined, announce: false);
    }
}
