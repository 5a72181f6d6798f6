using System.Net.Sockets;

namespace Stratum.Rpc;

/// <summary>A connection that carries one call at a time.</summary>
internal sealed class TcpLink(Socket socket, int maxAnswerBytes) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly MessageFramer _framer = new(maxAnswerBytes);

    /// <summary>When its last answer was complete.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether the server closed it, or said something that nobody asked for.</summary>
    public bool IsOver
    {
        get
        {
            try
            {
                return socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Sends a request and gives the message that comes back; null when the connection ended before.
    /// </summary>
    /// <exception cref="InvalidDataException">What came back begins no JSON.</exception>
    /// <exception cref="InternalBufferOverflowException">The answer is larger than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ExchangeAsync(
        ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        for (ReadOnlyMemory<byte> rest = request; !rest.IsEmpty;)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }

        while (true)
        {
            int received = await socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (received == 0)
            {
                return null;
            }

            ReadOnlyMemory<byte> input = _buffer.AsMemory(0, received);
            switch (_framer.Read(ref input, out ReadOnlyMemory<byte> message))
            {
                case FrameStatus.Message:
                    return message;
                case FrameStatus.Garbage:
                    throw new InvalidDataException();
                case FrameStatus.TooLong:
                    throw new InternalBufferOverflowException();
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
