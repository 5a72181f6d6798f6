using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// The transactions that exist in a simulated network, in whichever mempool they began: a real node judges a
/// transaction by its signatures, whether it saw it before or not. Safe for concurrent use.
/// </summary>
internal sealed class TransactionBook
{
    /// <summary>Some 8 MB; four full blocks, or hours of a chain as it is by default.</summary>
    public const int Capacity = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, PretendTransaction> _known = [];
    private readonly Queue<Hash256> _order = [];

    public void Add(PretendTransaction transaction)
    {
        lock (_gate)
        {
            if (!_known.TryAdd(transaction.Template.TxId, transaction))
            {
                return;
            }

            _order.Enqueue(transaction.Template.TxId);
            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    public PretendTransaction? Find(in Hash256 txId)
    {
        lock (_gate)
        {
            return _known.GetValueOrDefault(txId);
        }
    }
}
