using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Stratum.Protocol;

/// <summary>Converted by source-generated code.</summary>
internal sealed class TypedMethod<TCaller, TParams, TResult>(
    string name,
    Func<TCaller, TParams, ValueTask<TResult>> handler,
    JsonTypeInfo<TParams> parameterInfo,
    JsonTypeInfo<TResult> resultInfo) : JsonMethod<TCaller>(name)
{
    public override bool TryBind(
        TCaller caller,
        ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call,
        [NotNullWhen(false)] out string? error)
    {
        call = null;
        error = null;
        try
        {
            TParams value = JsonSerializer.Deserialize(parameters, parameterInfo)!;
            call = async () => JsonSerializer.SerializeToUtf8Bytes(
                await handler(caller, value).ConfigureAwait(false), resultInfo);
            return true;
        }
        catch (JsonException failure)
        {
            error = $"{Name}: {failure.Message}";
            return false;
        }
    }
}
