namespace Stratum.Rpc;

/// <summary>
/// The server understood the call and said no: a JSON-RPC error, under whatever HTTP status it came. A handler of a
/// <see cref="RpcDispatcher"/> throws it to say so.
/// </summary>
/// <param name="code">The server's code; coin daemons use small negatives (-28 warming up, -8 bad parameter) and
/// <see cref="RpcErrors"/>.</param>
/// <param name="message">The server's words.</param>
/// <param name="rawData">The error's <c>data</c> as JSON; null when it has none.</param>
public sealed class RpcException(int code, string message, string? rawData = null) : Exception(message)
{
    /// <summary>The server's code; 0 when its error carried none.</summary>
    public int Code { get; } = code;

    /// <summary>The error's <c>data</c> as JSON; null when it has none.</summary>
    public string? RawData { get; } = rawData;

    /// <summary>How long to wait before asking again makes sense; null when nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
