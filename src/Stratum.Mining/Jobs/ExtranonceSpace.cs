namespace Stratum.Mining;

/// <summary>
/// Hands out extranonce1 values. They go up from a random start, so that a miner that reconnects gets another
/// one and does not mine its old work again, and so that two processes rarely meet.
/// </summary>
internal sealed class ExtranonceSpace(int size)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _leased = [];
    private readonly ulong _mask = size >= 8 ? ulong.MaxValue : (1UL << (size * 8)) - 1;
    private ulong _next = (ulong)Random.Shared.NextInt64();

    public Extranonce Lease()
    {
        lock (_gate)
        {
            if ((ulong)_leased.Count >= _mask)
                throw new InvalidOperationException(
                    $"All {_mask} values of a {size}-byte extranonce1 are in use; raise Extranonce1Size.");
            while (true)
            {
                var number = _next++ & _mask;
                if (_leased.Add(number))
                    return Extranonce.FromUInt64(number, size);
            }
        }
    }

    public void Release(in Extranonce extranonce)
    {
        // Another one with the same end is none of ours.
        if (extranonce != Extranonce.FromUInt64(extranonce.Lower, size))
            return;
        lock (_gate)
            _leased.Remove(extranonce.Lower);
    }
}
