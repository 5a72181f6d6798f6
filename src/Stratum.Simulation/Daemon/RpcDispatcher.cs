using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Simulation;

/// <summary>JSON-RPC as bitcoind speaks it: bytes of a request in, HTTP status and bytes of the answer out.</summary>
internal sealed class RpcDispatcher(IEnumerable<RpcMethod> methods, SimulatedDaemon daemon)
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int MethodNotFound = -32601;
    private const int InWarmup = -28;

    private readonly Dictionary<string, RpcMethod> _methods = methods.ToDictionary(m => m.Name);

    /// <summary>The methods that a request names, known or not; none where it cannot be read.</summary>
    public static IReadOnlyList<string> MethodsOf(ReadOnlyMemory<byte> request)
    {
        try
        {
            using var document = JsonDocument.Parse(request);
            var root = document.RootElement;
            return
            [
                .. (root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new[] { root })
                    .Where(call => call.ValueKind == JsonValueKind.Object)
                    .Select(call => call.TryGetProperty("method", out var name) ? name : default)
                    .Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public async Task<(int Status, ReadOnlyMemory<byte> Body)> AnswerAsync(
        ReadOnlyMemory<byte> request, bool wrongResult, CancellationToken cancelled)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(request);
        }
        catch (JsonException)
        {
            return Complete(Failure("Parse error"));
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array)
            {
                return Complete(root.ValueKind == JsonValueKind.Object
                    ? await RunAsync(root, wrongResult, cancelled).ConfigureAwait(false)
                    : Failure("Top-level object parse error"));
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartArray();
                foreach (var one in root.EnumerateArray())
                {
                    var answer = await RunAsync(one, wrongResult, cancelled).ConfigureAwait(false);
                    if (!answer.IsSilent)
                    {
                        Write(writer, answer);
                    }
                }

                writer.WriteEndArray();
            }

            buffer.Write("\n"u8);
            return (200, buffer.WrittenMemory);
        }
    }

    private async Task<Answer> RunAsync(JsonElement request, bool wrongResult, CancellationToken cancelled)
    {
        bool modern = false;
        JsonElement id = default;
        try
        {
            if (request.ValueKind != JsonValueKind.Object)
            {
                throw new SimulatedRpcException(InvalidRequest, "Invalid Request object");
            }

            request.TryGetProperty("id", out id);
            modern = request.TryGetProperty("jsonrpc", out var version)
                && version.ValueKind == JsonValueKind.String && version.ValueEquals("2.0"u8);
            if (daemon.Mood == SimulatedDaemonMood.WarmingUp)
            {
                throw new SimulatedRpcException(InWarmup, "Loading block index...");
            }

            if (!request.TryGetProperty("method", out var name) || name.ValueKind == JsonValueKind.Null)
            {
                throw new SimulatedRpcException(InvalidRequest, "Missing method");
            }

            if (name.ValueKind != JsonValueKind.String)
            {
                throw new SimulatedRpcException(InvalidRequest, "Method must be a string");
            }

            if (!_methods.TryGetValue(name.GetString()!, out var method))
            {
                throw new SimulatedRpcException(MethodNotFound, "Method not found");
            }

            daemon.Count(method.Name);
            request.TryGetProperty("params", out var parameters);
            var buffer = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(buffer);
            await method.Run(RpcArguments.Read(parameters, method), writer, cancelled).ConfigureAwait(false);
            await writer.FlushAsync(cancelled).ConfigureAwait(false);
            if (wrongResult)
            {
                return new Answer(modern, id, "[{\"unexpected\":true}]"u8.ToArray(), null);
            }

            return new Answer(modern, id, Tampered(method.Name, buffer.WrittenMemory), null);
        }
        catch (SimulatedRpcException error)
        {
            return new Answer(modern, id, default, error);
        }
    }

    private ReadOnlyMemory<byte> Tampered(string method, ReadOnlyMemory<byte> result)
    {
        if (daemon.Tamper is not { } tamper)
        {
            return result;
        }

        string text = tamper(method, JsonNode.Parse(result.Span))?.ToJsonString() ?? "null";
        return Encoding.UTF8.GetBytes(text);
    }

    private static Answer Failure(string text) =>
        new(false, default, default, new SimulatedRpcException(ParseError, text));

    private static (int Status, ReadOnlyMemory<byte> Body) Complete(Answer answer)
    {
        if (answer.IsSilent)
        {
            return (204, default);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, answer);
        }

        buffer.Write("\n"u8);

        // JSON-RPC 2.0 keeps HTTP out of it; the older style, which all pools use, tells errors by HTTP status too.
        int status = answer.Modern ? 200 : answer.Error?.Code switch
        {
            null => 200,
            InvalidRequest => 400,
            MethodNotFound => 404,
            _ => 500,
        };
        return (status, buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter writer, Answer answer)
    {
        writer.WriteStartObject();
        if (answer.Modern)
        {
            writer.WriteString("jsonrpc"u8, "2.0"u8);
        }

        if (answer.Error is null)
        {
            writer.WritePropertyName("result"u8);
            writer.WriteRawValue(answer.Result.Span, skipInputValidation: true);
        }
        else if (!answer.Modern)
        {
            writer.WriteNull("result"u8);
        }

        if (answer.Error is { } error)
        {
            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, error.Code);
            writer.WriteString("message"u8, error.Message);
            writer.WriteEndObject();
        }
        else if (!answer.Modern)
        {
            writer.WriteNull("error"u8);
        }

        writer.WritePropertyName("id"u8);
        if (answer.Id.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else
        {
            answer.Id.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private readonly record struct Answer(
        bool Modern, JsonElement Id, ReadOnlyMemory<byte> Result, SimulatedRpcException? Error)
    {
        /// <summary>A JSON-RPC 2.0 notification.</summary>
        public bool IsSilent => Modern && Id.ValueKind == JsonValueKind.Undefined;
    }
}
