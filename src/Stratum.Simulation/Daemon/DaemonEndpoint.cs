using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Stratum.Simulation;

/// <summary>
/// What a daemon does with HTTP before and after the call: method, path, password, faults; bodies and statuses as
/// bitcoind's.
/// </summary>
internal sealed class DaemonEndpoint(SimulatedDaemon daemon)
{
    public async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, daemon.Stopping);
        http.RequestAborted = ended.Token;
        http.Response.Headers.Date = (daemon.Chain.Options.TimeProvider.GetUtcNow() + daemon.ClockOffset)
            .ToString("R", CultureInfo.InvariantCulture);
        try
        {
            await AnswerAsync(http, next, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The caller went away, or the daemon did: a real one leaves the connection without an answer, too.
            http.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext http, RequestDelegate next, CancellationToken ended)
    {
        await daemon.WaitWhileHangingAsync(ended).ConfigureAwait(false);
        var request = http.Request;
        var response = http.Response;
        if (daemon.Mood == SimulatedDaemonMood.Overloaded)
        {
            await FailAsync(response, 503, "Work queue depth exceeded", ended).ConfigureAwait(false);
        }
        else if (request.Path != "/" && !request.Path.StartsWithSegments("/wallet"))
        {
            await FailAsync(response, 404, "", ended).ConfigureAwait(false);
        }
        else if (!HttpMethods.IsPost(request.Method))
        {
            await FailAsync(response, 405, "JSONRPC server handles only POST requests", ended).ConfigureAwait(false);
        }
        else if (!IsAuthorized(request.Headers.Authorization))
        {
            await RefuseAsync(response, ended).ConfigureAwait(false);
        }
        else
        {
            await CallAsync(http, next, ended).ConfigureAwait(false);
        }
    }

    private async Task CallAsync(HttpContext http, RequestDelegate next, CancellationToken ended)
    {
        var response = http.Response;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, ended).ConfigureAwait(false);
        var request = body.GetBuffer().AsMemory(0, (int)body.Length);
        var fault = daemon.Fault is null ? null : daemon.TakeFault(MethodsOf(request));
        switch (fault?.Kind)
        {
            case SimulatedFaultKind.Closed:
                http.Abort();
                return;
            case SimulatedFaultKind.Unauthorized:
                await RefuseAsync(response, ended).ConfigureAwait(false);
                return;
            case SimulatedFaultKind.Forbidden:
                await FailAsync(response, 403, "", ended).ConfigureAwait(false);
                return;
        }

        var answer = await RunAsync(http, next, body).ConfigureAwait(false);
        await daemon.WaitBeforeAnswerAsync(ended).ConfigureAwait(false);
        if (fault is not null)
        {
            await FaultyAnswer.SendAsync(http, response.StatusCode, answer, fault, ended).ConfigureAwait(false);
        }
        else if (!answer.IsEmpty)
        {
            response.ContentLength = answer.Length;
            await response.Body.WriteAsync(answer, ended).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the call be answered, and keeps the answer back.</summary>
    private static async Task<ReadOnlyMemory<byte>> RunAsync(HttpContext http, RequestDelegate next, MemoryStream body)
    {
        var response = http.Response;
        if (body.GetBuffer().AsSpan(0, (int)body.Length).Trim(" \t\r\n"u8).SequenceEqual("[]"u8))
        {
            // An error by JSON-RPC 2.0; coin daemons answer none of the calls in it.
            response.ContentType = "application/json";
            return "[]\n"u8.ToArray();
        }

        // A daemon does not look at the type.
        http.Request.ContentType = "application/json";
        body.Position = 0;
        http.Request.Body = body;
        var caller = response.Body;
        using var answer = new MemoryStream();
        response.Body = answer;
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            response.Body = caller;
        }

        return answer.ToArray();
    }

    /// <summary>The methods that a request names, known or not; none where it cannot be read.</summary>
    private static IReadOnlyList<string> MethodsOf(ReadOnlyMemory<byte> request)
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

    private static Task RefuseAsync(HttpResponse response, CancellationToken ended)
    {
        response.Headers.WWWAuthenticate = "Basic realm=\"jsonrpc\"";
        return FailAsync(response, 401, "", ended);
    }

    private static async Task FailAsync(HttpResponse response, int status, string text, CancellationToken ended)
    {
        response.StatusCode = status;
        response.ContentType = "text/html; charset=ISO-8859-1";
        response.ContentLength = text.Length;
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes(text), ended).ConfigureAwait(false);
    }

    private bool IsAuthorized(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var decoded = new byte[header.Length];
        return Convert.TryFromBase64String(header[Scheme.Length..].Trim(), decoded, out int length)
            && daemon.IsAllowed(decoded.AsSpan(0, length));
    }
}
