namespace Stratum.Rpc;

/// <summary>The server understood the call and said no: a JSON-RPC error, under whatever HTTP status it came.</summary>
/// <param name="code">The server's code; coin daemons use small negatives (-28 warming up, -8 bad parameter) and
/// JSON-RPC's -32700..-32600.</param>
/// <param name="message">The server's words.</param>
public sealed class RpcException(int code, string message) : Exception(message)
{
    /// <summary>The server's code; 0 when its error carried none.</summary>
    public int Code { get; } = code;
}
