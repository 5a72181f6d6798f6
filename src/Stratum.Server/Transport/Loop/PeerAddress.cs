using System.Buffers.Binary;
using System.Net;

namespace Stratum.Server;

/// <summary>
/// What accept tells of the peer: Linux's <c>struct sockaddr_in</c> { family; port; address } and
/// <c>struct sockaddr_in6</c> { family; port; flow; address; scope }, port and address in network order.
/// </summary>
internal static class PeerAddress
{
    /// <summary>The longest that is read, in bytes.</summary>
    public const int Size = 28;

    private const ushort IPv4 = 2;
    private const ushort IPv6 = 10;

    /// <summary>The peer, an IPv4 address never mapped into IPv6; null for another family.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return BitConverter.ToUInt16(address) switch
        {
            IPv4 => new IPEndPoint(new IPAddress(address[4..8]), port),
            IPv6 when IsMapped(address[8..20]) => new IPEndPoint(new IPAddress(address[20..24]), port),
            IPv6 => new IPEndPoint(new IPAddress(address[8..24], BitConverter.ToUInt32(address[24..28])), port),
            _ => null,
        };
    }

    private static bool IsMapped(ReadOnlySpan<byte> prefix) => prefix.SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
}
