using System.Buffers;

namespace Stratum.Server;

/// <summary>What is looked at in an HTTP request: that it is one, and its method.</summary>
internal enum HttpHead
{
    /// <summary>The header has not ended yet.</summary>
    Unfinished,

    /// <summary>No HTTP/1 request.</summary>
    Malformed,

    /// <summary>A POST: getwork miners send nothing else.</summary>
    Post,

    /// <summary>A HEAD: answered without a body.</summary>
    Head,

    /// <summary>Any other method.</summary>
    Other,
}

/// <summary>Reads the head of an HTTP request as far as an answer needs it.</summary>
internal static class HttpHeads
{
    private static readonly SearchValues<byte> s_visible =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(character => (byte)character)]);

    /// <summary>Looks at what has come.</summary>
    /// <param name="bytes">All of it, from the first byte.</param>
    /// <param name="from">How many of them were looked at before: one byte at a time stays linear.</param>
    public static HttpHead Read(ReadOnlySpan<byte> bytes, int from)
    {
        // The end is a blank line, written with or without carriage returns.
        var tail = bytes[Math.Max(0, from - 3)..];
        return tail.IndexOf("\n\r\n"u8) < 0 && tail.IndexOf("\n\n"u8) < 0
            ? HttpHead.Unfinished
            : ReadRequestLine(bytes[..bytes.IndexOf((byte)'\n')].TrimEnd((byte)'\r'));
    }

    // POST / HTTP/1.1
    private static HttpHead ReadRequestLine(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (last <= first + 1)
            return HttpHead.Malformed;
        var target = line[(first + 1)..last];
        var version = line[(last + 1)..];
        if (target.ContainsAnyExcept(s_visible) || !version.StartsWith("HTTP/1."u8) || version.Length != 8)
            return HttpHead.Malformed;
        return line[..first] switch
        {
            var method when method.SequenceEqual("POST"u8) => HttpHead.Post,
            var method when method.SequenceEqual("HEAD"u8) => HttpHead.Head,
            _ => HttpHead.Other,
        };
    }
}
