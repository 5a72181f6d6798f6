namespace Stratum.Client;

/// <summary>What a <see cref="PoolRequestFilter"/> decided.</summary>
public readonly struct PoolRequestOutcome
{
    private PoolRequestOutcome(byte[]? json, string? error, int code)
    {
        Json = json;
        Error = error;
        Code = code;
    }

    /// <summary>The client goes on with it.</summary>
    public static PoolRequestOutcome Pass => default;

    internal byte[]? Json { get; }

    internal string? Error { get; }

    internal int Code { get; }

    /// <summary>It is answered with this result; a notification is swallowed.</summary>
    /// <exception cref="ArgumentException">Not JSON.</exception>
    public static PoolRequestOutcome Answer(string json) => new(RawJson.OneLine(json, nameof(json)), null, 0);

    /// <summary>It is refused: <c>"error":[code,"text",data]</c>; a notification is swallowed.</summary>
    /// <exception cref="ArgumentException">The data is not JSON.</exception>
    public static PoolRequestOutcome Reject(int code, string text, string? data = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(data is null ? null : RawJson.OneLine(data, nameof(data)), text, code);
    }
}
