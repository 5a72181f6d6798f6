using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// Which bits templates above a block carried, of all nodes of a network: miners stay on old templates for a while,
/// and send their blocks to other nodes too. Safe for concurrent use.
/// </summary>
internal sealed class BitsBook
{
    // Miners of a block that was replaced this many blocks ago have noticed.
    private const int Tips = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, HashSet<uint>> _bits = [];
    private readonly Queue<Hash256> _order = [];

    public void Add(in Hash256 tip, CompactTarget bits)
    {
        lock (_gate)
        {
            if (!_bits.TryGetValue(tip, out var known))
            {
                _bits[tip] = known = [];
                _order.Enqueue(tip);
                if (_order.Count > Tips)
                {
                    _bits.Remove(_order.Dequeue());
                }
            }

            known.Add(bits.Bits);
        }
    }

    /// <summary>Whether a template above that block may have carried these bits.</summary>
    /// <param name="previous">The block.</param>
    /// <param name="bits">The bits.</param>
    /// <param name="current">Those of today, for a block that never was a tip and had no templates.</param>
    public bool Allows(SimulatedBlock previous, CompactTarget bits, CompactTarget current)
    {
        lock (_gate)
        {
            return _bits.TryGetValue(previous.Hash, out var known)
                ? known.Contains(bits.Bits) : bits == previous.Header.Bits || bits == current;
        }
    }
}
