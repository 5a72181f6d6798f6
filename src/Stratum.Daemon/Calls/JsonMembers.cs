using System.Text.Json;

namespace Stratum.Daemon;

/// <summary>Members of an answer that may have any shape.</summary>
internal static class JsonMembers
{
    /// <summary>Null when it is no object, or has no such member.</summary>
    public static JsonElement? Member(this JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out JsonElement member) ? member : null;

    /// <summary>Null when there is no such text.</summary>
    public static string? Text(this JsonElement answer, string name) =>
        answer.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Null when there is no such integer.</summary>
    public static long? Number(this JsonElement answer, string name) =>
        answer.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value)
            ? value : null;
}
