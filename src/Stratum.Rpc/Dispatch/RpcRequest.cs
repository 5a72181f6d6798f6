using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stratum.Rpc;

/// <summary>The envelope of one call, read from JSON of any shape.</summary>
internal readonly struct RpcRequest
{
    private readonly JsonElement _id;

    private RpcRequest(JsonElement json)
    {
        json.TryGetProperty("id"u8, out _id);
        IsVersion2 = json.TryGetProperty("jsonrpc"u8, out JsonElement version)
            && version.ValueKind == JsonValueKind.String && version.ValueEquals("2.0"u8);
    }

    /// <summary>Whether it says <c>"jsonrpc":"2.0"</c>.</summary>
    public bool IsVersion2 { get; }

    /// <summary>Whether it could be read as a call: without a version it is then one of the older form.</summary>
    public bool IsCall { get; private init; }

    /// <summary>Whether there is an id, null included.</summary>
    public bool HasId => _id.ValueKind != JsonValueKind.Undefined;

    /// <summary>The id as it was written; empty when absent. Lives as long as the document.</summary>
    public ReadOnlySpan<byte> Id => HasId ? JsonMarshal.GetRawUtf8Value(_id) : default;

    /// <summary>The method; empty when the request is wrong.</summary>
    public string Method { get; private init; } = "";

    /// <summary>The params, <c>[]</c> when absent or null.</summary>
    public ReadOnlyMemory<byte> Params { get; private init; }

    /// <param name="json">Any JSON.</param>
    /// <param name="request">What could be read of it, so that a refusal has its id and its shape.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryRead(JsonElement json, out RpcRequest request, [NotNullWhen(false)] out string? error)
    {
        request = default;
        error = "Invalid Request object";
        if (json.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        request = new RpcRequest(json);
        if (!json.TryGetProperty("method"u8, out JsonElement name) || name.ValueKind == JsonValueKind.Null)
        {
            error = "Missing method";
            return false;
        }

        if (name.ValueKind != JsonValueKind.String)
        {
            error = "Method must be a string";
            return false;
        }

        json.TryGetProperty("params"u8, out JsonElement parameters);
        byte[]? raw = parameters.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => [.. "[]"u8],
            // A copy: the message's buffer is used again while a handler that was given up may still read.
            JsonValueKind.Array or JsonValueKind.Object => JsonMarshal.GetRawUtf8Value(parameters).ToArray(),
            _ => null,
        };
        error = raw is null ? "Params must be an array or object" : null;
        request = request with { Method = name.GetString()!, Params = raw, IsCall = raw is not null };
        return error is null;
    }
}
