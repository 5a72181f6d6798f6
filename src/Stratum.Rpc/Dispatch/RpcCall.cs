using System.Net;
using Stratum.Protocol;

namespace Stratum.Rpc;

/// <summary>A call that is answered now; handlers that want to know more than their parameters take it first.</summary>
public sealed class RpcCall
{
    internal RpcCall(
        string method, RequestId id, bool isNotification, ReadOnlyMemory<byte> parameters, RpcPeer peer,
        CancellationToken cancelled)
    {
        Method = method;
        Id = id;
        IsNotification = isNotification;
        Params = parameters;
        Peer = peer;
        Cancelled = cancelled;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The id as it was written; null when absent.</summary>
    public RequestId Id { get; }

    /// <summary>Whether the caller wants no answer.</summary>
    public bool IsNotification { get; }

    /// <summary>The parameters as JSON, an array or an object; <c>[]</c> when there are none. Never with the
    /// password.</summary>
    public ReadOnlyMemory<byte> Params { get; }

    /// <summary>Who asks.</summary>
    public RpcPeer Peer { get; }

    /// <summary>The caller's address; null where there is none.</summary>
    public IPEndPoint? RemoteEndPoint => Peer.RemoteEndPoint;

    /// <summary>How it came.</summary>
    public RpcTransport Transport => Peer.Transport;

    /// <summary>Nobody waits for the answer any more: the caller left, the server stops, or it took too long.</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>The method, never the parameters.</summary>
    public override string ToString() => Method;
}
