using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>
/// Calls a JSON-RPC server by bare JSON over TCP, as the ancestor's tools do. Connections are kept and used again; one
/// instance serves any number of callers at once, each on a connection of its own. A call that ends early (timeout,
/// cancelled) costs its connection and no other.
/// </summary>
public sealed class JsonRpcTcpClient : IRpcClient
{
    private readonly RpcClientOptions _options;
    private readonly TcpFailures _failures;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _room;
    private readonly Stack<TcpLink> _idle = new();
    private bool _disposed;
    private long _lastId;

    /// <summary>Opens nothing yet and reads no file: the first call does.</summary>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public JsonRpcTcpClient(RpcClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _failures = new TcpFailures(options);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Stratum.Rpc.JsonRpcTcpClient");
        _room = new SemaphoreSlim(options.MaxConnections);
    }

    /// <inheritdoc/>
    public async Task<JsonElement> CallAsync(
        string method,
        JsonNode? parameters = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ObjectDisposedException.ThrowIf(_disposed, this);
        TimeSpan limit = timeout ?? _options.Timeout;
        long started = _options.TimeProvider.GetTimestamp();
        using var deadline = new CancellationTokenSource(limit, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            JsonElement result = await AskAsync(method, parameters, either.Token).ConfigureAwait(false);
            RpcLog.TcpAnswered(_logger, _options.Url.Host, _options.Port, method,
                (long)_options.TimeProvider.GetElapsedTime(started).TotalMilliseconds);
            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Logged(method, _failures.Timeout(method, limit));
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (RpcTransportException e)
        {
            throw Logged(method, e);
        }
    }

    /// <summary>Closes the kept connections; calls under way end on their own.</summary>
    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out TcpLink? link))
            {
                link.Dispose();
            }
        }
    }

    private async Task<JsonElement> AskAsync(string method, JsonNode? parameters, CancellationToken cancellationToken)
    {
        string? password = _options.Password;
        if (_options.PasswordFile is { } file)
        {
            password = SecretFile.ReadFirstLine(file, "password file", out string? problem)
                ?? throw _failures.NoPassword(problem!);
        }

        ReadOnlyMemory<byte> request = Envelope.Write(
            Interlocked.Increment(ref _lastId), method, parameters, password is null ? null : RpcPassword.ToParameter(password));
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ExchangeAsync(method, request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<JsonElement> ExchangeAsync(
        string method, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        TcpLink link = TakeIdle() ?? await ConnectAsync(cancellationToken).ConfigureAwait(false);
        bool isGood = false;
        try
        {
            ReadOnlyMemory<byte> answer = await link.ExchangeAsync(request, cancellationToken).ConfigureAwait(false)
                ?? throw _failures.Lost(method);
            // Whoever answers anything else may be closing, or out of step.
            isGood = Envelope.TryRead(answer, out JsonElement result, out RpcException? error, out string? why);
            return !isGood ? throw _failures.NotJsonRpc(method, why!) : error is null ? result : throw error;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw _failures.Lost(method, e);
        }
        catch (InvalidDataException)
        {
            throw _failures.NotJsonRpc(method, "is no JSON");
        }
        catch (InternalBufferOverflowException)
        {
            throw _failures.TooLarge(method);
        }
        finally
        {
            GiveBack(link, isGood);
        }
    }

    private async Task<TcpLink> ConnectAsync(CancellationToken cancellationToken)
    {
        // Without the brackets of an IPv6 address.
        EndPoint endPoint = IPAddress.TryParse(_options.Url.DnsSafeHost, out IPAddress? address)
            ? new IPEndPoint(address, _options.Port)
            : new DnsEndPoint(_options.Url.DnsSafeHost, _options.Port);
        try
        {
            Socket socket = await ClientSocket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new TcpLink(socket, _options.MaxAnswerBytes);
        }
        catch (SocketException e)
        {
            throw _failures.Unreachable(e);
        }
    }

    private TcpLink? TakeIdle()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out TcpLink? link))
            {
                if (_options.TimeProvider.GetElapsedTime(link.UsedAt) < _options.IdleTimeout && !link.IsOver)
                {
                    return link;
                }

                link.Dispose();
            }

            return null;
        }
    }

    private void GiveBack(TcpLink link, bool isGood)
    {
        lock (_idle)
        {
            if (isGood && !_disposed && _options.IdleTimeout > TimeSpan.Zero)
            {
                link.UsedAt = _options.TimeProvider.GetTimestamp();
                _idle.Push(link);
                return;
            }
        }

        link.Dispose();
    }

    private RpcTransportException Logged(string method, RpcTransportException e)
    {
        RpcLog.TcpFailed(_logger, _options.Url.Host, _options.Port, method, e.Message);
        return e;
    }
}
