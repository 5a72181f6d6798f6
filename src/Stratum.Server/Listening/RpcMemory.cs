namespace Stratum.Server;

/// <summary>The memory that unfinished messages may take, of all callers together.</summary>
internal sealed class RpcMemory(long most)
{
    // A call fits into it, so honest callers go on whatever the others hold.
    private const int AlwaysAllowed = 16 * 1024;

    private long _held;

    public long Held => Volatile.Read(ref _held);

    /// <summary>One caller holds so much now; false when it may not.</summary>
    /// <param name="held">What it held before; corrected.</param>
    /// <param name="now">What it holds now; 0 gives all back.</param>
    public bool TryHold(ref int held, int now)
    {
        var all = Interlocked.Add(ref _held, now - held);
        held = now;
        return all <= most || now <= AlwaysAllowed;
    }
}
