using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>What the blocks of the chain confirmed and spent, as far back as anybody could spend it again.</summary>
internal sealed class CoinState
{
    // Twice what the book of transactions remembers: nothing older can come in.
    private const int Remembered = 2 * TransactionBook.Capacity;

    private readonly HashSet<Hash256> _confirmed = [];
    private readonly HashSet<(Hash256, uint)> _spent = [];
    private readonly Queue<PretendTransaction> _order = [];

    public bool IsConfirmed(in Hash256 txId) => _confirmed.Contains(txId);

    public bool IsSpent(in Hash256 txId, uint output) => _spent.Contains((txId, output));

    public void Connect(IReadOnlyList<PretendTransaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            _confirmed.Add(transaction.Template.TxId);
            _spent.Add((transaction.SpentTransaction, transaction.SpentOutput));
            _order.Enqueue(transaction);
        }

        while (_order.Count > Remembered)
        {
            Remove(_order.Dequeue());
        }
    }

    public void Disconnect(IReadOnlyList<PretendTransaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            Remove(transaction);
        }
    }

    private void Remove(PretendTransaction transaction)
    {
        _confirmed.Remove(transaction.Template.TxId);
        _spent.Remove((transaction.SpentTransaction, transaction.SpentOutput));
    }
}
