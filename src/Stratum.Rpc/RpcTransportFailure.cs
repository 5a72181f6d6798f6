namespace Stratum.Rpc;

/// <summary>How a call was lost on the way.</summary>
public enum RpcTransportFailure
{
    /// <summary>No connection: refused, no route, unknown host, TLS not agreed.</summary>
    Unreachable,

    /// <summary>HTTP 401: no credentials, or the server does not know them.</summary>
    Unauthorized,

    /// <summary>HTTP 403: the server does not talk to this address.</summary>
    Forbidden,

    /// <summary>The server is stopping, or has too many calls waiting (HTTP 503, or 500 from old ones).</summary>
    Busy,

    /// <summary>No complete answer in time.</summary>
    Timeout,

    /// <summary>The connection ended before the answer did.</summary>
    ConnectionLost,

    /// <summary>An answer came, but it is not JSON-RPC.</summary>
    NotJsonRpc,

    /// <summary>The answer is larger than we read.</summary>
    TooLarge,
}
