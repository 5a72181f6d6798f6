using System.Buffers;
using System.Text.Json;

namespace Stratum.Client;

/// <summary>JSON of callers, made fit for a line.</summary>
internal static class RawJson
{
    /// <exception cref="ArgumentException">It is not JSON.</exception>
    public static byte[] OneLine(string json, string name)
    {
        ArgumentNullException.ThrowIfNull(json, name);
        try
        {
            using var document = JsonDocument.Parse(json);
            return OneLine(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"Not JSON: {error.Message}", name, error);
        }
    }

    /// <summary>The element without line ends.</summary>
    public static byte[] OneLine(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            element.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
