using System.Net.Sockets;

namespace Stratum.Server;

/// <summary>What a connection begins with.</summary>
internal enum FirstBytesKind
{
    /// <summary>The peer left, or did not say enough in time.</summary>
    Nothing,

    /// <summary>Stratum V1, or anything that its line reader will judge.</summary>
    Stratum,

    /// <summary>A TLS hello.</summary>
    Tls,

    /// <summary>An HTTP request.</summary>
    Http,
}

/// <summary>Looks at the first bytes of a connection without taking them.</summary>
internal static class FirstBytes
{
    // The longest beginning that decides: "OPTIONS ".
    public const int MostNeeded = 8;

    /// <summary>Waits for bytes that decide.</summary>
    public static async ValueTask<FirstBytesKind> PeekAsync(Socket socket, CancellationToken deadline)
    {
        var buffer = new byte[MostNeeded];
        var needed = 1;
        var pause = 1;
        while (true)
        {
            // Peeking returns at once while any byte waits, so the kernel is told how many are worth waking for.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, needed);
            var count = await socket.ReceiveAsync(buffer.AsMemory(0, MostNeeded), SocketFlags.Peek, deadline).ConfigureAwait(false);
            if (count == 0)
                return FirstBytesKind.Nothing;
            var kind = Classify(buffer.AsSpan(0, count), out needed);
            if (kind == FirstBytesKind.Nothing && count < needed)
            {
                // Where the low-water mark does not hold back a peek, a growing pause keeps the loop from spinning.
                pause = Math.Min(pause * 2, 250);
                await Task.Delay(pause, deadline).ConfigureAwait(false);
                continue;
            }
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, 1);
            return kind == FirstBytesKind.Nothing ? FirstBytesKind.Stratum : kind;
        }
    }

    /// <summary>
    /// What the bytes are; <see cref="FirstBytesKind.Nothing"/> with the number needed when they may become HTTP.
    /// </summary>
    public static FirstBytesKind Classify(ReadOnlySpan<byte> bytes, out int needed)
    {
        needed = 1;
        // A TLS record of type handshake; no JSON begins with it.
        if (bytes[0] == 0x16)
            return FirstBytesKind.Tls;
        foreach (var method in HttpMethods)
        {
            if (bytes.StartsWith(method))
                return FirstBytesKind.Http;
            if (method.AsSpan().StartsWith(bytes))
                needed = Math.Max(needed, method.Length);
        }
        return needed > bytes.Length ? FirstBytesKind.Nothing : FirstBytesKind.Stratum;
    }

    private static readonly byte[][] HttpMethods =
    [
        [.. "GET "u8], [.. "POST "u8], [.. "HEAD "u8], [.. "PUT "u8], [.. "OPTIONS "u8], [.. "DELETE "u8],
        [.. "PATCH "u8], [.. "CONNECT "u8], [.. "TRACE "u8],
    ];
}
