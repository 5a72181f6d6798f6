using System.Buffers;
using System.Text.Json;

namespace Stratum.Client;

/// <summary>JSON of callers, made fit for a line.</summary>
internal static class RawJson
{
    /// <summary>The same without line ends.</summary>
    /// <exception cref="ArgumentException">It is not JSON.</exception>
    public static byte[] OneLine(string json, string name)
    {
        ArgumentNullException.ThrowIfNull(json, name);
        try
        {
            using var document = JsonDocument.Parse(json);
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
                document.RootElement.WriteTo(writer);
            return buffer.WrittenSpan.ToArray();
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"Not JSON: {error.Message}", name, error);
        }
    }
}
