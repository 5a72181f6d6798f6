using System.Net;
using System.Net.Sockets;

namespace Stratum.Rpc;

/// <summary>
/// Counts wrong passwords by address, each address for a minute from its first. Bounded: an address that is new takes
/// the place of the oldest. Not for several threads at once.
/// </summary>
internal sealed class WrongPasswords(int most, TimeProvider time)
{
    private const int MaxAddresses = 4096;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, (int Count, long Since)> _failures = [];

    public int AddressCount => _failures.Count;

    /// <summary>How long no password of this address is looked at; zero when one may be tried.</summary>
    public TimeSpan Wait(IPAddress address) => Find(Key(address)) is { } found && found.Count >= most
        ? s_window - time.GetElapsedTime(found.Since)
        : TimeSpan.Zero;

    /// <summary>Notes a wrong one and gives the number of them within the minute.</summary>
    public int Add(IPAddress address)
    {
        IPAddress key = Key(address);
        (int Count, long Since) entry = Find(key) ?? (0, time.GetTimestamp());
        if (entry.Count == 0 && _failures.Count >= MaxAddresses)
        {
            MakeRoom();
        }

        _failures[key] = entry with { Count = entry.Count + 1 };
        return entry.Count + 1;
    }

    private (int Count, long Since)? Find(IPAddress key)
    {
        if (!_failures.TryGetValue(key, out (int Count, long Since) found))
        {
            return null;
        }

        if (time.GetElapsedTime(found.Since) < s_window)
        {
            return found;
        }

        _failures.Remove(key);
        return null;
    }

    private void MakeRoom()
    {
        foreach (IPAddress old in _failures.OrderBy(entry => entry.Value.Since).Take(MaxAddresses / 8)
            .Select(entry => entry.Key).ToList())
        {
            _failures.Remove(old);
        }
    }

    // Whoever has one IPv6 address has the 2^64 of its network.
    private static IPAddress Key(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
