using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>
/// Calls a JSON-RPC server over HTTP (a coin daemon). Connections are kept and used again; one instance serves any
/// number of callers at once, each on a connection of its own. A call that ends early (timeout, cancelled) costs its
/// connection and no other.
/// </summary>
public sealed class JsonRpcHttpClient : IRpcClient
{
    // Bitcoin Core says this with HTTP 500 up to 22, and with 503 since.
    private static ReadOnlySpan<byte> QueueIsFull => "Work queue depth exceeded"u8;

    private readonly JsonRpcHttpClientOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly Credentials _credentials;
    private readonly HttpFailures _failures;
    private readonly ILogger _logger;
    private long _lastId;

    /// <summary>Opens nothing yet and reads no file: the first call does.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public JsonRpcHttpClient(JsonRpcHttpClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _credentials = new Credentials(options);
        _failures = new HttpFailures(options.Url, _credentials);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Stratum.Rpc.JsonRpcHttpClient");
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = options.MaxConnections,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            // An idle time of zero alone still lets a second call have the connection within the same tick.
            PooledConnectionLifetime = options.IdleTimeout == TimeSpan.Zero ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
            // Nothing may carry the credentials elsewhere, and a daemon is not reached through the web's proxy.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        });
    }

    /// <summary>Calls a method by its positional parameters and gives its <c>result</c> (any JSON, null included).
    /// </summary>
    /// <param name="method">As the server names it: <c>getblockcount</c>.</param>
    /// <param name="parameters">Positional parameters; null sends <c>[]</c>.</param>
    /// <param name="timeout">For this call, connecting and reading included; null takes the options'.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may still do what was asked.</param>
    /// <exception cref="RpcException">The server said no.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the server acted is unknown.</exception>
    public async Task<JsonElement> CallAsync(
        string method,
        JsonArray? parameters = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        (await AskAsync(method, parameters, timeout, cancellationToken).ConfigureAwait(false)).Result;

    /// <summary><see cref="CallAsync"/> with the server's clock beside the result.</summary>
    /// <param name="method">As the server names it.</param>
    /// <param name="parameters">Positional parameters; null sends <c>[]</c>.</param>
    /// <param name="timeout">For this call; null takes the options'.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may still do what was asked.</param>
    /// <exception cref="RpcException">The server said no.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the server acted is unknown.</exception>
    public Task<RpcAnswer> AskAsync(
        string method,
        JsonArray? parameters = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) => AskNodeAsync(method, parameters, timeout, cancellationToken);

    private async Task<RpcAnswer> AskNodeAsync(
        string method, JsonNode? parameters, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ReadOnlyMemory<byte> body = Envelope.Write(Interlocked.Increment(ref _lastId), method, parameters);
        Exchange exchange = await BoundedAsync(method, body, timeout, cancellationToken).ConfigureAwait(false);
        bool readable = Envelope.TryRead(exchange.Body, out JsonElement result, out RpcException? error, out string? why);
        if (readable && error is not null)
        {
            throw error;
        }

        return readable && exchange.IsSuccess
            ? new RpcAnswer(result, exchange.Date, exchange.SentAt, exchange.ReceivedAt)
            : throw Logged(method, Unreadable(method, exchange, why));
    }

    /// <summary>
    /// Several calls in one request, answered together: one way there and back, and one turn in the server's queue.
    /// A call that the server refuses does not touch the others.
    /// </summary>
    /// <param name="calls">1 to <see cref="JsonRpcHttpClientOptions.MaxBatchCalls"/> calls.</param>
    /// <param name="timeout">For all of them together; null takes the options'.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may still do what was asked.</param>
    /// <returns>An answer for each call, in the order of <paramref name="calls"/> whatever the server's was.</returns>
    /// <exception cref="ArgumentException">No call, too many, or one without a method.</exception>
    /// <exception cref="RpcException">The server refused the batch as a whole (servers that know none say -32600 or
    /// -32700).</exception>
    /// <exception cref="RpcTransportException">There is no answer, or not one for each call; whether the server acted
    /// is unknown.</exception>
    public async Task<IReadOnlyList<RpcBatchAnswer>> CallBatchAsync(
        IReadOnlyList<RpcBatchCall> calls, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calls);
        if (calls.Count == 0 || calls.Count > _options.MaxBatchCalls)
        {
            throw new ArgumentException(
                $"A batch has 1 to {_options.MaxBatchCalls} calls (MaxBatchCalls), not {calls.Count}.", nameof(calls));
        }

        if (calls.Any(call => string.IsNullOrEmpty(call.Method)))
        {
            throw new ArgumentException("A call of the batch has no method.", nameof(calls));
        }

        long firstId = Interlocked.Add(ref _lastId, calls.Count) - calls.Count + 1;
        string name = $"a batch of {calls.Count} calls";
        Exchange exchange = await BoundedAsync(name, Envelope.WriteBatch(firstId, calls), timeout, cancellationToken)
            .ConfigureAwait(false);
        bool readable = Envelope.TryReadBatch(
            exchange.Body, firstId, calls.Count, out RpcBatchAnswer[] answers, out RpcException? error, out string? why);
        if (readable && error is not null)
        {
            throw error;
        }

        return readable && exchange.IsSuccess ? answers : throw Logged(name, Unreadable(name, exchange, why));
    }

    /// <summary>Closes the kept connections; calls under way fail.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<Exchange> BoundedAsync(
        string method, ReadOnlyMemory<byte> body, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeSpan limit = timeout ?? _options.Timeout;
        using var deadline = new CancellationTokenSource(limit, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await SendAsync(method, body, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Logged(method, deadline.IsCancellationRequested
                ? _failures.Timeout(method, limit)
                : _failures.Lost(method, null, e));
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Logged(method, _failures.Of(e, method));
        }
        catch (RpcTransportException e)
        {
            throw Logged(method, e);
        }
    }

    async Task<JsonElement> IRpcClient.CallAsync(
        string method, JsonNode? parameters, TimeSpan? timeout, CancellationToken cancellationToken) =>
        (await AskNodeAsync(method, parameters, timeout, cancellationToken).ConfigureAwait(false)).Result;

    private async Task<Exchange> SendAsync(
        string method, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        long started = _options.TimeProvider.GetTimestamp();
        DateTimeOffset sent = _options.TimeProvider.GetUtcNow();
        using HttpResponseMessage response = await PostAsync(body, cancellationToken).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = await BoundedBody.ReadAsync(response.Content, _options.MaxAnswerBytes, cancellationToken)
                .ConfigureAwait(false) ?? throw _failures.TooLarge(method, status, _options.MaxAnswerBytes);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw _failures.Lost(method, status, e);
        }

        long milliseconds = (long)_options.TimeProvider.GetElapsedTime(started).TotalMilliseconds;
        RpcLog.HttpAnswered(
            _logger, _options.Url.Host, _options.Url.Port, method, status, answer.Length, milliseconds);
        return new Exchange(
            status,
            answer,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.Date,
            sent,
            _options.TimeProvider.GetUtcNow());
    }

    private RpcTransportException Unreadable(string method, Exchange exchange, string? why) => exchange.Status switch
    {
        401 => _failures.Unauthorized(),
        403 => _failures.Forbidden(),
        503 => _failures.Busy(exchange.Status),
        _ when exchange.Body.Span.StartsWith(QueueIsFull) => _failures.Busy(exchange.Status),
        _ => _failures.NotJsonRpc(
            method,
            exchange.Status,
            exchange.MediaType,
            exchange.Body.Length,
            why ?? "holds a result under a status of failure"),
    };

    private async Task<HttpResponseMessage> PostAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        AuthenticationHeaderValue? header = _credentials.Current;
        HttpResponseMessage response = await PostAsync(body, header, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !_credentials.Renew(header))
        {
            return response;
        }

        RpcLog.CredentialsRead(_logger, _options.Url.Host, _options.Url.Port);
        response.Dispose();
        return await PostAsync(body, _credentials.Current, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> PostAsync(
        ReadOnlyMemory<byte> body, AuthenticationHeaderValue? header, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url)
        {
            Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = header;
        return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private RpcTransportException Logged(string method, RpcTransportException e)
    {
        RpcLog.HttpFailed(_logger, _options.Url.Host, _options.Url.Port, method, e.Message);
        return e;
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken) => new NetworkStream(
        await ClientSocket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false), ownsSocket: true);

    private sealed record Exchange(
        int Status,
        ReadOnlyMemory<byte> Body,
        string? MediaType,
        DateTimeOffset? Date,
        DateTimeOffset SentAt,
        DateTimeOffset ReceivedAt)
    {
        public bool IsSuccess => Status is >= 200 and < 300;
    }
}
