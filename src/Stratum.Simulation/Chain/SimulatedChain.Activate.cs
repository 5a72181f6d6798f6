namespace Stratum.Simulation;

/// <summary>Which of several branches is the chain.</summary>
public sealed partial class SimulatedChain
{
    /// <summary>The tip and the end of every branch, with how many of its blocks are off the chain.</summary>
    internal IReadOnlyList<(SimulatedBlock Block, long Length, bool Sound)> Tips()
    {
        lock (_gate)
        {
            var inner = _store.Branches.Select(entry => entry.Parent).ToHashSet();
            return
            [
                (_store.Tip.Block, 0, true),
                .. _store.Branches.Where(entry => !inner.Contains(entry)).OrderByDescending(e => e.Block.Height)
                    .Select(entry => (entry.Block, LengthOf(entry), _store.IsSound(entry))),
            ];
        }
    }

    private long LengthOf(ChainEntry entry)
    {
        var at = entry;
        while (!_store.IsOnChain(at.Block))
        {
            at = at.Parent!;
        }

        return entry.Block.Height - at.Block.Height;
    }

    private void RetreatBelow(SimulatedBlock block, ChainChange change)
    {
        if (_store.IsOnChain(block))
        {
            while (_store.Tip.Block.Height >= block.Height)
            {
                Disconnect(change);
            }
        }
    }

    private void Disconnect(ChainChange change)
    {
        var entry = _store.Retreat();
        _coins.Disconnect(entry.Transactions!);
        _mempool.Return(entry.Transactions!);
        change.Disconnected.Add(entry.Block);
    }

    /// <summary>Makes the best branch the chain.</summary>
    private ChainChange Activate(bool mined, ChainChange? change = null)
    {
        change ??= new ChainChange();
        while (_store.Best() is { } best)
        {
            var path = new Stack<ChainEntry>();
            for (var at = best; !_store.IsOnChain(at.Block); at = at.Parent!)
            {
                path.Push(at);
            }

            // Every branch of this chain shares its first block at least.
            while (!_store.Tip.Block.Hash.Equals(path.Peek().Block.Header.PreviousBlock))
            {
                Disconnect(change);
            }

            while (path.TryPop(out var next) && TryConnect(next, change))
            {
            }
        }

        BeginTip(mined, change);
        return change;
    }

    private bool TryConnect(ChainEntry entry, ChainChange change)
    {
        if (entry.Transactions is null)
        {
            var found = new List<PretendTransaction>();
            var decoded = entry.Decoded ?? BlockDecoder.Decode(entry.Block.Bytes, Coin);
            if (_rules.CheckCoins(decoded, _group.Transactions, _coins, found) is { } rule)
            {
                entry.Refused = true;
                _store.AddInvalid(entry.Block.Hash);
                _store.Remove(entry);
                change.Refused[entry.Block.Hash] = rule;
                return false;
            }

            entry.Transactions = found;
        }

        _store.Extend(entry);
        _coins.Connect(entry.Transactions);
        _mempool.Confirm(entry.Transactions);
        change.Connected.Add(entry.Block);
        return true;
    }
}
