using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The transactions that wait, and those of this tip that a replacement pushed out.</summary>
internal sealed class Mempool(PretendTransactionFactory factory)
{
    // Nobody finds blocks for hours in a pool that waits for its first miner; templates must not grow meanwhile.
    private const int Capacity = 64;

    private readonly List<PretendTransaction> _waiting = [];
    private readonly Dictionary<Hash256, PretendTransaction> _known = [];

    /// <summary>What a template carries, parents before children.</summary>
    public IReadOnlyList<PretendTransaction> Waiting => _waiting;

    /// <summary>Adds a transaction; at capacity the newest one is replaced by a competitor for the same coin.</summary>
    public PretendTransaction Add(long height)
    {
        PretendTransaction added;
        if (_waiting.Count < Capacity)
        {
            // Every second one spends its predecessor, as change does.
            var parent = _waiting.Count % 2 == 1 ? _waiting[^1] : null;
            added = factory.Create((uint)height, parent);
            _waiting.Add(added);
        }
        else
        {
            added = factory.Replace(_waiting[^1], (uint)height);
            _waiting[^1] = added;
        }

        _known[added.Template.TxId] = added;
        return added;
    }

    /// <summary>A block in flight may carry a transaction that was replaced a moment ago: it is as good.</summary>
    public bool TryGet(in Hash256 txId, out PretendTransaction? transaction) =>
        _known.TryGetValue(txId, out transaction);

    /// <summary>Takes out what a block confirmed, what it made impossible, and what depended on that.</summary>
    public void Confirm(IReadOnlyList<PretendTransaction> confirmed)
    {
        var gone = confirmed.Select(t => t.Template.TxId).ToHashSet();
        var spent = confirmed.Select(t => (t.SpentTransaction, t.SpentOutput)).ToHashSet();
        var impossible = new HashSet<Hash256>();
        foreach (var transaction in _waiting.Where(t => !gone.Contains(t.Template.TxId)))
        {
            if (spent.Contains((transaction.SpentTransaction, transaction.SpentOutput))
                || impossible.Contains(transaction.SpentTransaction))
            {
                impossible.Add(transaction.Template.TxId);
            }
        }

        _waiting.RemoveAll(t => gone.Contains(t.Template.TxId) || impossible.Contains(t.Template.TxId));
        _known.Clear();
        foreach (var transaction in _waiting)
        {
            _known[transaction.Template.TxId] = transaction;
        }
    }
}
