using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Stratum.Server;

/// <summary>What is done with every accepted socket.</summary>
internal static class Sockets
{
    private const int MaxRest = 1024 * 1024;

    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        // As cgminer: a peer that vanished without a word is noticed within two minutes.
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    /// <summary>
    /// Closes with a reset; never throws, whoever closed the socket before. Miners go to their next pool at a reset;
    /// after a close in good order some come back much later.
    /// </summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The transport closes its socket itself when a send fails: this peer was first.
        }
        socket.Close();
    }

    /// <summary>Ends sending and takes what the peer still sends, up to 1 MiB, or the close would be a reset that swallows
    /// what was sent last.</summary>
    public static async Task LingerAsync(Socket socket, CancellationToken deadline)
    {
        socket.Shutdown(SocketShutdown.Send);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var left = MaxRest;
            while (left > 0 && await socket.ReceiveAsync(buffer, SocketFlags.None, deadline).ConfigureAwait(false) is > 0 and var count)
                left -= count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static IPEndPoint Unmap(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
