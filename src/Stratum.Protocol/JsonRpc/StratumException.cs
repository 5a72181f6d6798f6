namespace Stratum.Protocol;

/// <summary>
/// Thrown by a handler that refuses a request: the peer is answered
/// <c>{"id":..,"result":null,"error":[code,"text",data]}</c>.
/// </summary>
public class StratumException : Exception
{
    /// <summary>Refuses with a code and a text.</summary>
    /// <param name="code">Positive for shares (20 other, 21 stale...), negative for calls (-3 unknown method).</param>
    /// <param name="text">What the peer is told.</param>
    /// <param name="rawData">The error's third member as JSON; null writes <c>null</c>.</param>
    public StratumException(int code, string text, string? rawData = null)
        : base(text)
    {
        Code = code;
        RawData = rawData;
    }

    /// <summary>The error's first member.</summary>
    public int Code { get; }

    /// <summary>The error's third member as JSON, or null.</summary>
    public string? RawData { get; }
}
