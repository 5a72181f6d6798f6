using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stratum.Pool;

/// <summary>What a record of a block says beside its bytes.</summary>
internal sealed record BlockLine(string Hash, long Height, string Coin, string Network, string Worker, DateTimeOffset FoundAt);

/// <summary>What became of a block. The state is text: one that a later program adds must not make the record bad.</summary>
internal sealed record StateLine(
    string Hash, string State, bool Open, int Confirmations, DateTimeOffset At, string? Daemon = null, string? Reason = null);

/// <summary>The records' JSON. Members that are not known are left alone; one that is missing makes the record bad.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BlockLine))]
[JsonSerializable(typeof(StateLine))]
internal sealed partial class JournalLines : JsonSerializerContext;
