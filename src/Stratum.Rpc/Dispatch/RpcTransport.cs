namespace Stratum.Rpc;

/// <summary>How a call came.</summary>
public enum RpcTransport
{
    /// <summary>By a way of your own.</summary>
    Other,

    /// <summary>Bare JSON over TCP.</summary>
    Tcp,

    /// <summary>The body of a POST.</summary>
    Http,
}
