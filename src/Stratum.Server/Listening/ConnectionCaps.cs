using System.Collections.Concurrent;
using System.Net;

namespace Stratum.Server;

/// <summary>Counts connections from before their first byte until they end, in total and by address.</summary>
internal sealed class ConnectionCaps(int most, int mostPerAddress)
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts a connection, unless there are too many; null when it was counted.</summary>
    public BusyReason? TryEnter(IPAddress address)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            return BusyReason.Connections;
        }
        if (_byAddress.AddOrUpdate(address, 1, static (_, count) => count + 1) > mostPerAddress)
        {
            Leave(address);
            return BusyReason.ConnectionsOfAddress;
        }
        return null;
    }

    public void Leave(IPAddress address)
    {
        Interlocked.Decrement(ref _count);
        // The entry goes with its last connection: addresses are the peer's to choose.
        var left = _byAddress.AddOrUpdate(address, 0, static (_, count) => count - 1);
        if (left <= 0)
            _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(address, left));
    }
}
