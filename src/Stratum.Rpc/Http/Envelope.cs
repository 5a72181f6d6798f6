using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Rpc;

/// <summary>The JSON around a call and its answer.</summary>
internal static class Envelope
{
    /// <summary><c>{"jsonrpc":"2.0","id":1,"method":"getblockhash","params":[102]}</c></summary>
    public static ReadOnlyMemory<byte> Write(long id, string method, JsonNode? parameters, string? password = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            // Old coin daemons ignore the version; those that know 2.0 answer errors with HTTP 200, which we read too.
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteNumber("id"u8, id);
            writer.WriteString("method"u8, method);
            writer.WritePropertyName("params"u8);
            WriteParams(writer, parameters, password);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // The password goes before the first, or beside those that have names.
    private static void WriteParams(Utf8JsonWriter writer, JsonNode? parameters, string? password)
    {
        if (parameters is JsonObject named)
        {
            writer.WriteStartObject();
            if (password is not null)
            {
                writer.WriteString("password"u8, password);
            }

            foreach ((string name, JsonNode? value) in named)
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
            }

            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray();
        if (password is not null)
        {
            writer.WriteStringValue(password);
        }

        foreach (JsonNode? value in parameters as JsonArray ?? [])
        {
            WriteValue(writer, value);
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonNode? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    /// <summary>
    /// True with the answer's <c>result</c> (any JSON, null included) or its <c>error</c>, whatever the HTTP status
    /// was; false when the body is neither.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body, out JsonElement result, out RpcException? error, [NotNullWhen(false)] out string? why)
    {
        result = default;
        error = null;
        why = null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            why = "is not JSON";
            return false;
        }

        if (!JsonTexts.AreValid(body.Span, document.RootElement))
        {
            document.Dispose();
            why = "holds a string that is no text";
            return false;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                why = "is JSON, but not an object";
                return false;
            }

            if (root.TryGetProperty("error"u8, out JsonElement refusal) && refusal.ValueKind != JsonValueKind.Null)
            {
                error = ReadError(refusal);
                return true;
            }

            if (root.TryGetProperty("result"u8, out JsonElement value))
            {
                result = value.Clone();
                return true;
            }
        }

        why = "is JSON with neither result nor error";
        return false;
    }

    private static RpcException ReadError(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return new RpcException(0, error.ToString());
        }

        int number = error.TryGetProperty("code"u8, out JsonElement code) && code.ValueKind == JsonValueKind.Number
            && code.TryGetInt32(out int read) ? read : 0;
        string text = error.TryGetProperty("message"u8, out JsonElement message)
            && message.ValueKind == JsonValueKind.String ? message.GetString()! : error.ToString();
        string? data = error.TryGetProperty("data"u8, out JsonElement more) && more.ValueKind != JsonValueKind.Null
            ? more.GetRawText() : null;
        return new RpcException(number, text, data);
    }
}
