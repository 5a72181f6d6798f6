using System.Text.Json.Nodes;

namespace Stratum.Rpc;

/// <summary>One call of <see cref="JsonRpcHttpClient.CallBatchAsync"/>.</summary>
/// <param name="Method">As the server names it: <c>getblockhash</c>.</param>
/// <param name="Parameters">Positional parameters; null sends <c>[]</c>.</param>
public sealed record RpcBatchCall(string Method, JsonArray? Parameters = null);
