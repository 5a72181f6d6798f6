using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stratum.SessionMemory;

/// <summary>The other end, as little as will do.</summary>
internal static class Miner
{
    private static readonly byte[] s_buffer = new byte[16 * 1024];

    public static Socket Login(int port, int number)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        socket.Send(Encoding.ASCII.GetBytes("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.12.1\"]}\n"
            + $"{{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"account.{number}\",\"x\"]}}\n"));
        // Two answers, the difficulty, the job.
        ReadLines(socket, 4);
        return socket;
    }

    public static void ReadJob(Socket socket) => ReadLines(socket, 1);

    private static void ReadLines(Socket socket, int lines)
    {
        while (lines > 0)
            lines -= s_buffer.AsSpan(0, socket.Receive(s_buffer)).Count((byte)'\n');
    }
}
