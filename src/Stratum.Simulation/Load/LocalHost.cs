using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Stratum.Simulation;

/// <summary>Where a host is.</summary>
internal static class LocalHost
{
    /// <summary>The first address of a host, IPv4 before IPv6.</summary>
    /// <exception cref="SocketException">The name is unknown.</exception>
    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] all = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return all.OrderBy(one => one.AddressFamily != AddressFamily.InterNetwork).First();
    }

    /// <summary>Whether an address is one of this machine.</summary>
    public static bool IsThisMachine(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Any(one => one.Address.Equals(address));
    }
}
