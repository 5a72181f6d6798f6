using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stratum.Rpc;

/// <summary>Writes one answer: 2.0 with a result or an error, the older form with both.</summary>
internal static class AnswerWriter
{
    // Nobody puts it into a page: quotes and letters stay readable.
    private static readonly JsonWriterOptions s_options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="JsonException">The result, or the error's data, is not JSON.</exception>
    public static ReadOnlyMemory<byte> Write(
        bool isVersion2, ReadOnlySpan<byte> id, ReadOnlySpan<byte> result, RpcException? error)
    {
        var buffer = new ArrayBufferWriter<byte>(result.Length + id.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            if (isVersion2)
            {
                writer.WriteString("jsonrpc"u8, "2.0"u8);
            }

            if (error is null)
            {
                writer.WritePropertyName("result"u8);
                writer.WriteRawValue(result);
                if (!isVersion2)
                {
                    writer.WriteNull("error"u8);
                }
            }
            else
            {
                if (!isVersion2)
                {
                    writer.WriteNull("result"u8);
                }

                WriteError(writer, error);
            }

            writer.WritePropertyName("id"u8);
            writer.WriteRawValue(id.IsEmpty ? "null"u8 : id);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteError(Utf8JsonWriter writer, RpcException error)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        if (error.RawData is { } data)
        {
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(data);
        }

        writer.WriteEndObject();
    }
}
