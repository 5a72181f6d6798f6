namespace Stratum.Protocol;

/// <summary>The peer answered a request with an error: it understood and said no.</summary>
/// <param name="code">The peer's code; 20 where it gave none.</param>
/// <param name="text">The peer's words.</param>
public sealed class StratumRemoteException(int code, string text) : Exception(text)
{
    /// <summary>The peer's code: 20 to 25 for shares, negative in old servers.</summary>
    public int Code { get; } = code;
}
