namespace Stratum.Server;

/// <summary>
/// Which item the kernel's 64 bits mean: a place in a table and the number of its tenants so far, so that an
/// event that was queued for a item never reaches the next one. Of the loop's thread alone.
/// </summary>
internal sealed class LoopSlots
{
    /// <summary>The token of nobody.</summary>
    public const ulong None = 0;

    private readonly Stack<int> _free = new();
    private LoopItem?[] _tenants = new LoopItem?[64];
    private uint[] _generations = new uint[64];
    private int _used;

    public ulong Take(LoopItem item)
    {
        if (!_free.TryPop(out var place))
        {
            place = _used++;
            if (place == _tenants.Length)
            {
                Array.Resize(ref _tenants, 2 * place);
                Array.Resize(ref _generations, 2 * place);
            }
        }
        _tenants[place] = item;
        // Odd and never 0: no token is None, nor all ones, which is the loop's own.
        var generation = _generations[place] |= 1;
        return ((ulong)(generation & 0x7fff_ffff) << 32) | (uint)place;
    }

    public LoopItem? Find(ulong token)
    {
        var place = (uint)token;
        return place < (uint)_used && (_generations[place] & 0x7fff_ffff) == token >> 32 ? _tenants[place] : null;
    }

    /// <summary>Tells each item of a tick.</summary>
    public void Tick()
    {
        for (var place = 0; place < _used; place++)
            _tenants[place]?.Tick();
    }

    public void Free(ulong token)
    {
        var place = (int)(uint)token;
        _tenants[place] = null;
        _generations[place] += 2;
        _free.Push(place);
    }
}
