namespace Stratum.Testing;

/// <summary>litecoind said no.</summary>
public sealed class LitecoindException(string method, int code, string text) : Exception($"{method}: {code} {text}")
{
    public int Code { get; } = code;
}
