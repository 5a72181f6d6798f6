using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Rpc;

/// <summary>Calls a JSON-RPC server, whatever carries the calls. Serves any number of callers at once.</summary>
public interface IRpcClient : IDisposable
{
    /// <summary>Calls a method and gives its <c>result</c> (any JSON, null included).</summary>
    /// <param name="method">As the server names it.</param>
    /// <param name="parameters">A JSON array, or an object with the parameters' names; null sends <c>[]</c>.</param>
    /// <param name="timeout">For this call, connecting and reading included; null takes the options'.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may still do what was asked.</param>
    /// <exception cref="RpcException">The server said no.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the server acted is unknown.</exception>
    Task<JsonElement> CallAsync(
        string method,
        JsonNode? parameters = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default);
}
