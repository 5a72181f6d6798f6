using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The transactions that wait.</summary>
internal sealed class Mempool(PretendTransactionFactory factory, TransactionBook book, int transactionsPerBlock)
{
    // Nobody finds blocks for hours in a pool that waits for its first miner; templates must not grow meanwhile.
    private const int LeastCapacity = 64;

    // Above what any transaction of the factory weighs.
    private const int MostWeight = 1200;

    private readonly int _capacity = Math.Max(LeastCapacity, transactionsPerBlock);
    private readonly List<PretendTransaction> _waiting = [];

    /// <summary>What a template carries, parents before children.</summary>
    public IReadOnlyList<PretendTransaction> Waiting => _waiting;

    /// <summary>Adds a transaction; at capacity the newest one is replaced by a competitor for the same coin.</summary>
    public PretendTransaction Add(long height)
    {
        if (_waiting.Count < _capacity)
        {
            return Append(height);
        }

        // A block in flight may carry the one that is replaced: the book knows it still.
        var added = factory.Replace(_waiting[^1], (uint)height);
        _waiting[^1] = added;
        book.Add(added);
        return added;
    }

    /// <summary>Adds transactions until the next might not fit into a block of that weight.</summary>
    public void Fill(long height, long weight)
    {
        long sum = _waiting.Sum(t => t.Template.Weight);
        while (sum + MostWeight <= weight)
        {
            sum += Append(height).Template.Weight;
        }
    }

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
    }

    /// <summary>Puts back what a block that fell out of the chain had confirmed.</summary>
    public void Return(IReadOnlyList<PretendTransaction> transactions) => _waiting.InsertRange(0, transactions);

    private PretendTransaction Append(long height)
    {
        // Every second one spends its predecessor, as change does.
        var parent = _waiting.Count % 2 == 1 ? _waiting[^1] : null;
        var added = factory.Create((uint)height, parent);
        _waiting.Add(added);
        book.Add(added);
        return added;
    }
}
