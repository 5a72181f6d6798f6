using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Stratum.Simulation;

/// <summary>The HTTP side of a daemon: method, path, password, body; bodies and statuses as bitcoind's.</summary>
internal sealed class DaemonEndpoint(SimulatedDaemon daemon, RpcDispatcher dispatcher)
{
    public async Task HandleAsync(HttpContext http)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, daemon.Stopping);
        http.Response.Headers.Date = (daemon.Chain.Options.TimeProvider.GetUtcNow() + daemon.ClockOffset)
            .ToString("R", CultureInfo.InvariantCulture);
        try
        {
            await AnswerAsync(http, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The caller went away, or the daemon did: a real one leaves the connection without an answer, too.
            http.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext http, CancellationToken ended)
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
            await CallAsync(http, ended).ConfigureAwait(false);
        }
    }

    private async Task CallAsync(HttpContext http, CancellationToken ended)
    {
        var response = http.Response;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, ended).ConfigureAwait(false);
        var request = body.GetBuffer().AsMemory(0, (int)body.Length);
        var fault = daemon.Fault is null ? null : daemon.TakeFault(RpcDispatcher.MethodsOf(request));
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

        var (status, answer) = await dispatcher
            .AnswerAsync(request, fault?.Kind == SimulatedFaultKind.WrongResult, ended).ConfigureAwait(false);
        await daemon.WaitBeforeAnswerAsync(ended).ConfigureAwait(false);
        if (fault is not null && fault.Kind != SimulatedFaultKind.WrongResult)
        {
            await FaultyAnswer.SendAsync(http, status, answer, fault, ended).ConfigureAwait(false);
            return;
        }

        response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            response.ContentType = "application/json";
            response.ContentLength = answer.Length;
            await response.Body.WriteAsync(answer, ended).ConfigureAwait(false);
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
