using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Branches by command.</summary>
public sealed partial class SimulatedChain
{
    /// <summary>
    /// Treats a block as wrong, as <c>invalidateblock</c> does: the chain goes back below it, its transactions and
    /// those above return to the mempool, and the best of the other branches is followed.
    /// </summary>
    /// <returns>False: no such block, or it is the chain's first.</returns>
    public bool InvalidateBlock(Hash256 hash)
    {
        ChainChange change;
        lock (_gate)
        {
            Advance();
            if (_store.Find(hash) is not { Parent: not null } entry)
            {
                return false;
            }

            entry.Refused = true;
            change = new ChainChange();
            RetreatBelow(entry.Block, change);
            Activate(mined: false, change);
        }

        Tell(change, mined: false);
        return true;
    }

    /// <summary>Takes back <see cref="InvalidateBlock"/> for a block, all below it and all above it.</summary>
    /// <returns>False: no such block.</returns>
    public bool ReconsiderBlock(Hash256 hash)
    {
        ChainChange change;
        lock (_gate)
        {
            Advance();
            if (_store.Find(hash) is not { } entry)
            {
                return false;
            }

            for (var below = entry; below is not null && !_store.IsOnChain(below.Block); below = below.Parent)
            {
                below.Refused = false;
            }

            foreach (var above in _store.Branches.Where(branch => Descends(branch, entry)))
            {
                above.Refused = false;
            }

            change = Activate(mined: false);
        }

        Tell(change, mined: false);
        return true;
    }

    /// <summary>
    /// Loses the last blocks, as a node does that is killed before it wrote them to disk: they are unknown
    /// afterwards and may be submitted again. Peers give them back with their next block only.
    /// </summary>
    /// <param name="blocks">How many; the chain's first block stays.</param>
    public void Forget(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        var change = new ChainChange();
        lock (_gate)
        {
            Advance();
            long height = Math.Max(_store.First.Block.Height, _store.Tip.Block.Height - blocks);
            if (_store.Find(height + 1) is { } lowest)
            {
                RetreatBelow(lowest.Block, change);
            }

            // What came in since: blocks of other branches, too.
            foreach (var entry in _store.Branches.Where(branch => branch.Block.Height > height).ToArray())
            {
                _store.Remove(entry);
            }

            BeginTip(mined: false, change);
        }

        Tell(change, mined: false, announce: false);
    }

    private static bool Descends(ChainEntry entry, ChainEntry from)
    {
        var at = entry;
        while (at is not null && at.Block.Height > from.Block.Height)
        {
            at = at.Parent;
        }

        return at == from;
    }

    /// <summary>Raises the events, outside of the lock, and passes on what peers do not have.</summary>
    private void Tell(ChainChange change, bool mined, bool announce = true)
    {
        if (change.IsEmpty)
        {
            return;
        }

        foreach (var block in change.Disconnected)
        {
            BlockDisconnected?.Invoke(block);
        }

        foreach (var block in change.Connected)
        {
            BlockConnected?.Invoke(block);
        }

        TemplateChanged?.Invoke();
        if (announce && change.Connected.Count > 0)
        {
            Announce(mined);
        }
    }
}
