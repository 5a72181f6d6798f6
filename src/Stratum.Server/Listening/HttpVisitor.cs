using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Stratum.Server;

/// <summary>
/// HTTP on a Stratum port, one request a connection. A miner that asks for getwork (a POST) is told by the header
/// <c>X-Stratum</c> where to go, everybody else what this is. Nothing of the request but its method is used.
/// </summary>
internal static class HttpVisitor
{
    // Request line and header: miners and browsers send less than 2 KiB.
    private const int MaxHead = 8 * 1024;

    // What the ancestor answered: no error, so that a getwork miner goes on to the header.
    private static readonly byte[] s_noWork = [.. "{\"error\":null,\"result\":false,\"id\":0}\n"u8];

    /// <summary>Answers and takes what the peer still sends, until it ends or the deadline comes.</summary>
    public static async Task ServeAsync(Socket socket, StratumServer server, IPEndPoint reached, CancellationToken deadline)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxHead);
        try
        {
            if (await ReadHeadAsync(socket, buffer.AsMemory(0, MaxHead), deadline).ConfigureAwait(false) is not { } head)
                return;
            await socket.SendAsync(Answer(head, server, Url(server.Options.Hostname, reached)), SocketFlags.None, deadline)
                .ConfigureAwait(false);
            await Sockets.LingerAsync(socket, deadline).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Null: the peer left. A header that is too long is a malformed one.
    private static async Task<HttpHead?> ReadHeadAsync(Socket socket, Memory<byte> buffer, CancellationToken deadline)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var count = await socket.ReceiveAsync(buffer[length..], SocketFlags.None, deadline).ConfigureAwait(false);
            if (count == 0)
                return null;
            var head = HttpHeads.Read(buffer.Span[..(length + count)], from: length);
            if (head != HttpHead.Unfinished)
                return head;
            length += count;
        }
        return HttpHead.Malformed;
    }

    private static byte[] Answer(HttpHead head, StratumServer server, string url)
    {
        var body = head switch
        {
            HttpHead.Post => s_noWork,
            HttpHead.Malformed => [.. "{\"error\":\"This is a Stratum port, and no HTTP/1 request.\"}\n"u8],
            _ => Status(server, url),
        };
        // No CORS header: a page of another site learns nothing from it.
        var header = $"HTTP/1.1 {(head == HttpHead.Malformed ? "400 Bad Request" : "200 OK")}\r\nX-Stratum: {url}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n"
            + "Connection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(header), .. head == HttpHead.Head ? [] : body];
    }

    private static byte[] Status(StratumServer server, string url)
    {
        var json = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("server", "Stratum for .NET");
            writer.WriteString("url", url);
            writer.WriteNumber("sessions", server.Sessions.Count);
            writer.WriteBoolean("work", server.Work.Current is not null);
            writer.WriteEndObject();
        }
        return [.. json.WrittenSpan, (byte)'\n'];
    }

    /// <summary>
    /// Where a miner that reached an end point goes: that end point (the listener's own may be 0.0.0.0, which leads
    /// nowhere) or its port on the host that the options name.
    /// </summary>
    internal static string Url(string? hostname, IPEndPoint reached)
    {
        // A scope (fe80::1%2) is a number of this machine's own.
        var host = hostname ?? new IPAddress(reached.Address.GetAddressBytes()).ToString();
        return host.Contains(':', StringComparison.Ordinal) && host[0] != '['
            ? $"stratum+tcp://[{host}]:{reached.Port}"
            : $"stratum+tcp://{host}:{reached.Port}";
    }
}
