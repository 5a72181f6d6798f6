using System.Text.Json;

namespace Stratum.Simulation;

/// <summary>The parameters of one call, by position; complaints are bitcoind's.</summary>
internal readonly struct RpcArguments(IReadOnlyList<JsonElement> values, string usage)
{
    private const int Misc = -1;

    public static RpcArguments Read(JsonElement parameters, RpcMethod method)
    {
        if (parameters.ValueKind == JsonValueKind.Array)
        {
            JsonElement[] values = [.. parameters.EnumerateArray()];
            return values.Length > method.Names.Length
                ? throw new SimulatedRpcException(Misc, method.Usage) : new RpcArguments(values, method.Usage);
        }

        var named = new JsonElement[method.Names.Length];
        foreach (var parameter in parameters.EnumerateObject())
        {
            int index = Array.IndexOf(method.Names, parameter.Name);
            if (index < 0)
            {
                throw new SimulatedRpcException(-8, $"Unknown named parameter {parameter.Name}");
            }

            named[index] = parameter.Value;
        }

        return new RpcArguments(named, method.Usage);
    }

    /// <summary>Undefined when the caller left it out.</summary>
    public JsonElement this[int index] =>
        index < values.Count && values[index].ValueKind != JsonValueKind.Null ? values[index] : default;

    public string String(int index) => Need(index) is { ValueKind: JsonValueKind.String } value ? value.GetString()!
        : throw new SimulatedRpcException(Misc, "JSON value is not a string as expected");

    public long Integer(int index) =>
        Need(index) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number
            : throw new SimulatedRpcException(Misc, "JSON value is not an integer as expected");

    public long Integer(int index, long otherwise) =>
        this[index].ValueKind == JsonValueKind.Undefined ? otherwise : Integer(index);

    private JsonElement Need(int index) =>
        this[index] is { ValueKind: not JsonValueKind.Undefined } value ? value
            : throw new SimulatedRpcException(Misc, usage);
}
