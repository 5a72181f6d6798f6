using System.Text.Json;

namespace Stratum.Rpc;

/// <summary>What became of one call of <see cref="JsonRpcHttpClient.CallBatchAsync"/>.</summary>
public sealed class RpcBatchAnswer
{
    private readonly JsonElement _result;

    internal RpcBatchAnswer(JsonElement result, RpcException? error)
    {
        _result = result;
        Error = error;
    }

    /// <summary>The server's refusal of this call, or null.</summary>
    public RpcException? Error { get; }

    /// <summary>The call's <c>result</c>: any JSON, null included.</summary>
    /// <exception cref="RpcException">The server refused this call: <see cref="Error"/>.</exception>
    public JsonElement Result => Error is null ? _result : throw Error;
}
