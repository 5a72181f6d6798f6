using System.Text.Json.Nodes;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>Somebody asks an <see cref="RpcServer"/> for <c>mining.connections</c>.</summary>
public sealed class RpcConnectionsQuery
{
    internal RpcConnectionsQuery(RpcCall call) => Call = call;

    /// <summary>The call that it came with.</summary>
    public RpcCall Call { get; }

    /// <summary>What is answered; null, as it is at first, answers the list of sessions.</summary>
    public JsonNode? Answer { get; set; }
}
