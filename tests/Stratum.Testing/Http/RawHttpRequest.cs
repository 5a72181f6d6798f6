using System.Text.Json.Nodes;

namespace Stratum.Testing;

/// <summary>One HTTP request as it came, its body read as a JSON-RPC call where it is one.</summary>
/// <param name="Connection">Number of the TCP connection, from 1.</param>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">The body, as text.</param>
public sealed record RawHttpRequest(int Connection, string Head, string Body)
{
    public JsonNode Call { get; } = JsonNode.Parse(Body)!;

    public string Method => (string)Call["method"]!;

    public JsonArray Params => Call["params"]!.AsArray();

    public string? Authorization => Head.Split("\r\n")
        .Where(l => l.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))
        .Select(l => l["Authorization: ".Length..]).SingleOrDefault();
}
