using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>JSON-RPC in the body of a POST.</summary>
internal sealed class RpcHttp : IAsyncDisposable
{
    private readonly RpcListener _listener;
    private readonly RpcServerOptions _options;
    private readonly KestrelHost _kestrel;

    public RpcHttp(RpcListener listener)
    {
        _listener = listener;
        _options = listener.Options;
        _kestrel = new KestrelHost(
            listener.EndPoint,
            limits =>
            {
                limits.MaxRequestBodySize = _options.Limits.MaxMessageBytes;
                limits.RequestHeadersTimeout = _options.Limits.MessageTimeout;
                limits.KeepAliveTimeout = _options.Limits.IdleTimeout;
                // The whole body has a deadline instead.
                limits.MinRequestBodyDataRate = null;
            },
            HandleAsync);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync(cancellationToken);

    public Task ServeAsync(Socket socket) => _kestrel.ServeAsync(socket);

    public Task StopAsync(CancellationToken cut) => _kestrel.StopAsync(cut);

    public ValueTask DisposeAsync() => _kestrel.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _listener.Cut);
        http.RequestAborted = ended.Token;
        try
        {
            await (_options.HttpFilter is { } filter ? filter(http, AnswerAsync) : AnswerAsync(http)).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            http.Response.Headers.Connection = "close";
            await FailAsync(http, error.StatusCode, $"{error.Message}\n").ConfigureAwait(false);
        }
        catch (Exception error) when (error is ConnectionResetException or ConnectionAbortedException
            || (error is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested))
        {
            // Nobody waits for the answer any more.
            http.Abort();
        }
        // One of the first kind with half of an answer out is the caller's doing, and Kestrel's to end.
        catch (Exception error) when (error is not BadHttpRequestException)
        {
            _listener.Log.RpcConnectionFailed(RemoteOf(http), error);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }
            http.Response.Clear();
            await FailAsync(http, StatusCodes.Status500InternalServerError, "The request failed; the server's log says why.\n").ConfigureAwait(false);
        }
    }

    private static IPEndPoint? RemoteOf(HttpContext http) => http.Connection.RemoteIpAddress is { } address
        ? Sockets.Unmap(new IPEndPoint(address, http.Connection.RemotePort))
        : null;

    private async Task AnswerAsync(HttpContext http)
    {
        if (await RefuseAsync(http).ConfigureAwait(false))
            return;
        var peer = new RpcPeer(RpcTransport.Http, RemoteOf(http));
        try
        {
            if (http.Request.Headers.Authorization is [{ } authorization] && _listener.Dispatcher.WantsPassword)
                peer = await _listener.Dispatcher.AdmitAsync(peer, authorization, http.RequestAborted).ConfigureAwait(false);
            if (await ReadAsync(http).ConfigureAwait(false) is { } message)
                await SendAsync(http, await _listener.Dispatcher.DispatchAsync(message, peer, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (RpcException refusal)
        {
            await SendAsync(http, _listener.Dispatcher.Refuse(refusal)).ConfigureAwait(false);
        }
    }

    // A browser can post forms and text to a loopback port without asking, but no JSON; and whatever it posts, it says
    // where it comes from.
    private static async ValueTask<bool> RefuseAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await FailAsync(http, StatusCodes.Status405MethodNotAllowed, "JSON-RPC takes POST only.\n").ConfigureAwait(false);
            return true;
        }
        if (request.Headers.Origin.Count > 0)
        {
            await FailAsync(http, StatusCodes.Status403Forbidden, "Pages in a browser are not served.\n").ConfigureAwait(false);
            return true;
        }
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        if (!(end < 0 ? type : type[..end]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || request.Headers.ContentEncoding.Count > 0)
        {
            http.Response.Headers["Accept-Post"] = "application/json";
            await FailAsync(http, StatusCodes.Status415UnsupportedMediaType, "Send Content-Type: application/json, without Content-Encoding.\n").ConfigureAwait(false);
            return true;
        }
        return false;
    }

    // Null: answered already.
    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContext http)
    {
        using var deadline = new Deadline(_options.Limits.MessageTimeout, _options.TimeProvider, http.RequestAborted);
        // Kestrel cuts a longer body off, and its answer may be lost with what the caller still sends. Answered by us
        // the rest is taken for a while.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var most = _options.Limits.MaxMessageBytes;
        var body = new ArrayBufferWriter<byte>();
        var held = 0;
        try
        {
            int read;
            do
            {
                if (http.Request.ContentLength > most || body.WrittenCount > most)
                    return await CloseAsync(http, StatusCodes.Status413PayloadTooLarge, $"A message has at most {most} bytes.\n").ConfigureAwait(false);
                if (!_listener.Memory.TryHold(ref held, body.WrittenCount))
                    return await CloseAsync(http, StatusCodes.Status503ServiceUnavailable, "Too many unfinished messages are held; try again.\n").ConfigureAwait(false);
                read = await http.Request.Body.ReadAsync(body.GetMemory(4096), deadline.Token).ConfigureAwait(false);
                body.Advance(read);
            }
            while (read > 0);
            return body.WrittenMemory;
        }
        catch (OperationCanceledException) when (deadline.IsOver && !http.RequestAborted.IsCancellationRequested)
        {
            return await CloseAsync(http, StatusCodes.Status408RequestTimeout,
                $"The body was not complete within {_options.Limits.MessageTimeout.TotalSeconds:0.###} s.\n").ConfigureAwait(false);
        }
        finally
        {
            _listener.Memory.TryHold(ref held, 0);
        }
    }

    private async Task SendAsync(HttpContext http, RpcReply reply)
    {
        var response = http.Response;
        response.StatusCode = StatusOf(reply);
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = new(["Basic realm=\"jsonrpc\", charset=\"UTF-8\"", "Bearer realm=\"jsonrpc\""]);
        if (reply.Error?.RetryAfter is { } wait)
            response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (reply.Bytes.IsEmpty)
            return;
        response.ContentType = "application/json";
        response.ContentLength = reply.Bytes.Length;
        await response.Body.WriteAsync(reply.Bytes, http.RequestAborted).ConfigureAwait(false);
    }

    // JSON-RPC 2.0 keeps HTTP out of it, but for the password; older callers are told by the status too.
    private int StatusOf(RpcReply reply) => reply switch
    {
        { Bytes.IsEmpty: true } => StatusCodes.Status204NoContent,
        { Error: null } => StatusCodes.Status200OK,
        { Error.Code: RpcErrors.PasswordRefused } => StatusCodes.Status401Unauthorized,
        { Error.Code: RpcErrors.TooManyPasswords } => StatusCodes.Status429TooManyRequests,
        { IsVersion2: true } => StatusCodes.Status200OK,
        { Error.Code: var code } when _options.HttpStatus is { } status => status(code),
        { Error.Code: RpcErrors.ParseError or RpcErrors.InvalidRequest or RpcErrors.InvalidParams } => StatusCodes.Status400BadRequest,
        { Error.Code: RpcErrors.MethodNotFound } => StatusCodes.Status404NotFound,
        { Error.Code: RpcErrors.ServerBusy } => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static async ValueTask<ReadOnlyMemory<byte>?> CloseAsync(HttpContext http, int status, string text)
    {
        http.Response.Headers.Connection = "close";
        await FailAsync(http, status, text).ConfigureAwait(false);
        return null;
    }

    private static async Task FailAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
        await http.Response.WriteAsync(text, http.RequestAborted).ConfigureAwait(false);
    }
}
