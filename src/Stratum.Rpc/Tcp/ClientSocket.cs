using System.Net;
using System.Net.Sockets;

namespace Stratum.Rpc;

/// <summary>Opens connections to servers.</summary>
internal static class ClientSocket
{
    /// <exception cref="SocketException">Nobody is there.</exception>
    public static async ValueTask<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A long poll is silent for minutes: keep-alive tells a quiet daemon from a host that is gone.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            if (IsToItself(socket))
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Where nobody listens on this machine, and the port is one that outgoing connections are given (38332 of
    /// signet is), TCP may connect a socket with itself. It would speak to nobody, and keep the daemon from its port.
    /// </summary>
    internal static bool IsToItself(Socket socket) => Equals(socket.LocalEndPoint, socket.RemoteEndPoint);
}
