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
            WriteCall(writer, id, method, parameters, password);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>An array of calls, numbered from <paramref name="firstId"/>.</summary>
    public static ReadOnlyMemory<byte> WriteBatch(long firstId, IReadOnlyList<RpcBatchCall> calls)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (int i = 0; i < calls.Count; i++)
            {
                WriteCall(writer, firstId + i, calls[i].Method, calls[i].Parameters, password: null);
            }

            writer.WriteEndArray();
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
        if (!TryParse(body, out JsonDocument? document, out why))
        {
            return false;
        }

        using (document)
        {
            return TryReadAnswer(document.RootElement, out result, out error, out why);
        }
    }

    /// <summary>True with an answer for each call, or with the error that the whole batch met; false when the body is
    /// neither.</summary>
    public static bool TryReadBatch(
        ReadOnlyMemory<byte> body,
        long firstId,
        int count,
        out RpcBatchAnswer[] answers,
        out RpcException? error,
        [NotNullWhen(false)] out string? why)
    {
        answers = new RpcBatchAnswer[count];
        error = null;
        if (!TryParse(body, out JsonDocument? document, out why))
        {
            return false;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                // A server that refuses the whole says so in one answer.
                return TryReadAnswer(document.RootElement, out _, out error, out why) && error is not null
                    || Not("is one answer to several calls", out why);
            }

            foreach (JsonElement answer in document.RootElement.EnumerateArray())
            {
                if (!TryReadAnswer(answer, out JsonElement result, out RpcException? refusal, out why))
                {
                    return false;
                }

                if (!answer.TryGetProperty("id"u8, out JsonElement id) || id.ValueKind != JsonValueKind.Number
                    || !id.TryGetInt64(out long number) || number < firstId || number >= firstId + count
                    || answers[number - firstId] is not null)
                {
                    return Not("answers a call that was not made", out why);
                }

                answers[number - firstId] = new RpcBatchAnswer(result, refusal);
            }

            return Array.IndexOf(answers, null) < 0 || Not("lacks the answer to a call", out why);
        }
    }

    private static bool Not(string what, out string why)
    {
        why = what;
        return false;
    }

    private static void WriteCall(Utf8JsonWriter writer, long id, string method, JsonNode? parameters, string? password)
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

    private static bool TryParse(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? why)
    {
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            document = null;
            return Not("is not JSON", out why);
        }

        if (JsonTexts.AreValid(body.Span, document.RootElement))
        {
            why = null;
            return true;
        }

        document.Dispose();
        document = null;
        return Not("holds a string that is no text", out why);
    }

    private static bool TryReadAnswer(
        JsonElement answer, out JsonElement result, out RpcException? error, [NotNullWhen(false)] out string? why)
    {
        result = default;
        error = null;
        why = null;
        if (answer.ValueKind != JsonValueKind.Object)
        {
            return Not("is JSON, but not an object", out why);
        }

        if (answer.TryGetProperty("error"u8, out JsonElement refusal) && refusal.ValueKind != JsonValueKind.Null)
        {
            error = ReadError(refusal);
            return true;
        }

        if (answer.TryGetProperty("result"u8, out JsonElement value))
        {
            result = value.Clone();
            return true;
        }

        return Not("is JSON with neither result nor error", out why);
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
