using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Stratum.Simulation;

/// <summary>Sends an answer with something wrong about it.</summary>
internal static class FaultyAnswer
{
    private const int Block = 1 << 16;

    public static async Task SendAsync(
        HttpContext http, int status, ReadOnlyMemory<byte> answer, SimulatedFault fault, CancellationToken ended)
    {
        var response = http.Response;
        switch (fault.Kind)
        {
            case SimulatedFaultKind.Truncated:
                Begin(response, status, answer.Length);
                await response.Body.WriteAsync(answer[..(answer.Length / 2)], ended).ConfigureAwait(false);
                // The server closes a connection whose answer ended early; a reset might overtake the half.
                break;
            case SimulatedFaultKind.Empty:
                Begin(response, 200, 0);
                break;
            case SimulatedFaultKind.NotJson:
                await SendAsync(response, "<html><body>502 Bad Gateway</body></html>\n"u8.ToArray(), ended)
                    .ConfigureAwait(false);
                break;
            case SimulatedFaultKind.WrongEnvelope:
                await SendAsync(response, "{\"status\":\"ok\"}\n"u8.ToArray(), ended).ConfigureAwait(false);
                break;
            case SimulatedFaultKind.WrongResult:
                var wrong = WithWrongResult(answer);
                Begin(response, status, wrong.Length);
                await response.Body.WriteAsync(wrong, ended).ConfigureAwait(false);
                break;
            case SimulatedFaultKind.TooLarge:
                await SendBehindBlanksAsync(response, status, answer, fault.Bytes, ended).ConfigureAwait(false);
                break;
            default:
                http.Abort();
                break;
        }
    }

    // Errors stay what they are.
    private static ReadOnlyMemory<byte> WithWrongResult(ReadOnlyMemory<byte> answer)
    {
        var root = JsonNode.Parse(answer.Span)!;
        foreach (var one in root as JsonArray ?? (IEnumerable<JsonNode?>)[root])
        {
            if (one is JsonObject call && call["error"] is null)
            {
                call["result"] = new JsonArray(new JsonObject { ["unexpected"] = true });
            }
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString() + "\n");
    }

    private static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> answer, CancellationToken ended)
    {
        Begin(response, 200, answer.Length);
        await response.Body.WriteAsync(answer, ended).ConfigureAwait(false);
    }

    private static async Task SendBehindBlanksAsync(
        HttpResponse response, int status, ReadOnlyMemory<byte> answer, long blanks, CancellationToken ended)
    {
        Begin(response, status, blanks + answer.Length);
        byte[] block = new byte[Block];
        block.AsSpan().Fill((byte)' ');
        for (long left = blanks; left > 0; left -= Block)
        {
            await response.Body.WriteAsync(block.AsMemory(0, (int)Math.Min(left, Block)), ended).ConfigureAwait(false);
        }

        await response.Body.WriteAsync(answer, ended).ConfigureAwait(false);
    }

    private static void Begin(HttpResponse response, int status, long length)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = length;
    }
}
