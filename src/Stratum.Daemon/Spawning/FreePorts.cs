using System.Net;
using System.Net.Sockets;

namespace Stratum.Daemon;

/// <summary>Ports for daemons, which cannot pick one themselves.</summary>
internal static class FreePorts
{
    // Below those that the system gives to outgoing connections (32768 on Linux): nobody is given it by chance while the
    // daemon is away.
    private const int First = 10_000;
    private const int Last = 32_000;
    private const int Tries = 200;

    /// <summary>Null when one could listen there now; otherwise why not.</summary>
    public static SocketError? Problem(string host, int port)
    {
        using var listener = new TcpListener(IPAddress.Parse(host), port);
        try
        {
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    /// <summary>One that is free now.</summary>
    /// <exception cref="DaemonStartException">There is none on that address.</exception>
    public static int Pick(SpawnedDaemonOptions options)
    {
        SocketError? problem = null;
        for (int i = 0; i < Tries; i++)
        {
            int port = Random.Shared.Next(First, Last);
            problem = Problem(options.Host, port);
            if (problem is null)
            {
                return port;
            }
        }

        throw new DaemonStartException(
            DaemonStartFailure.PortTaken,
            $"{options.Name}: no free port was found on {options.Host} ({problem}): is it an address of this machine? Give"
                + " Host and Port.");
    }
}
