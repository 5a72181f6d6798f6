using System.Net;
using System.Net.Sockets;

namespace Stratum.Testing;

/// <summary>Ports for programs that cannot pick one themselves, or where nobody listens.</summary>
public static class FreePort
{
    /// <summary>One that is free now, below those that the system gives to outgoing connections (32768 on Linux): nobody
    /// is given it by chance before, or while, the test uses it.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(10_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
