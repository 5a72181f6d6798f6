using System.Net;
using System.Text.Json.Nodes;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>What a coin daemon or an operator told an <see cref="RpcServer"/>.</summary>
public sealed class RpcNotice
{
    internal RpcNotice(RpcCall call, string data, string source)
    {
        Call = call;
        Data = data;
        Source = source;
    }

    /// <summary>The call that it came with.</summary>
    public RpcCall Call { get; }

    /// <summary>Of a block its hash, 64 lower-case hex digits as daemons print it; of a wallet or an alert any text,
    /// which is the caller's to choose: nothing for a shell or a terminal.</summary>
    public string Data { get; }

    /// <summary>Which daemon tells it, by the caller's word; <c>bitcoin</c> when it said nothing.</summary>
    public string Source { get; }

    /// <summary>Who tells it.</summary>
    public IPEndPoint? RemoteEndPoint => Call.RemoteEndPoint;

    /// <summary>What the caller is answered; null, as it is at first, answers <c>true</c>.</summary>
    public JsonNode? Answer { get; set; }
}
