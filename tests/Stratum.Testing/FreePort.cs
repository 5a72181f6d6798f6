using System.Net;
using System.Net.Sockets;

namespace Stratum.Testing;

/// <summary>A loopback port that nobody has: for what must be named before it listens, or must be absent.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
