using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>
/// A JSON-RPC 2.0 server on a port of its own, over TCP or HTTP: what coin daemons tell of blocks, and procedures of
/// your own.
/// </summary>
public sealed partial class RpcServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _lifetime = new(1, 1);
    private readonly Lock _gate = new();
    private readonly ServerLog _log;
    private volatile RpcListener? _listener;
    private volatile StratumServer[] _servers = [];

    /// <summary>A server with these options, copied: later changes of them have no effect.</summary>
    /// <param name="options">Null: <see cref="RpcServerOptions.Default"/>.</param>
    /// <param name="server">Whose sessions <c>mining.connections</c> lists; see <see cref="Attach"/>.</param>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public RpcServer(RpcServerOptions? options = null, StratumServer? server = null)
        : this(Check(options, null))
    {
        ExposeBuiltIn();
        if (server is not null)
            Attach(server);
    }

    /// <summary>Puts a dispatcher of yours on a port; nothing is built in, and whom it lets in it says itself.</summary>
    /// <param name="dispatcher">Who answers.</param>
    /// <param name="options">Null: <see cref="RpcServerOptions.Default"/>. Without passwords: they are the
    /// dispatcher's.</param>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public RpcServer(RpcDispatcher dispatcher, RpcServerOptions? options = null)
        : this(Check(options, dispatcher ?? throw new ArgumentNullException(nameof(dispatcher))))
    {
    }

    private RpcServer((RpcServerOptions Options, RpcDispatcher Dispatcher) made)
    {
        (Options, Dispatcher) = made;
        _log = new ServerLog(Options.LoggerFactory, "Stratum.Server.Rpc");
    }

    /// <summary>Who answers: for procedures of your own, a filter, or another way in.</summary>
    public RpcDispatcher Dispatcher { get; }

    /// <summary>Where it listens, with the real port for a 0; null when it does not.</summary>
    public IPEndPoint? EndPoint => _listener?.EndPoint;

    /// <summary>The port that it listens on.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public int Port => EndPoint?.Port ?? throw new InvalidOperationException("The RPC server is not started.");

    /// <summary>Connections that are open now.</summary>
    public int ConnectionCount => _listener?.ConnectionCount ?? 0;

    internal RpcServerOptions Options { get; }

    internal long UnfinishedBytes => _listener?.Memory.Held ?? 0;

    /// <summary>Lists the sessions of one more server in <c>mining.connections</c>.</summary>
    public void Attach(StratumServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        lock (_gate)
            _servers = [.. _servers, server];
    }

    /// <inheritdoc cref="RpcDispatcher.Expose(string, Delegate)"/>
    [RequiresUnreferencedCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    [RequiresDynamicCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    public void Expose(string name, Delegate handler) => Dispatcher.Expose(name, handler);

    /// <inheritdoc cref="RpcDispatcher.Expose{TParams, TResult}(string, Func{RpcCall, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    public void Expose<TParams, TResult>(string name, Func<RpcCall, TParams, TResult> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result) => Dispatcher.Expose(name, handler, parameters, result);

    /// <inheritdoc cref="RpcDispatcher.Expose{TParams, TResult}(string, Func{RpcCall, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(1)]
    public void Expose<TParams, TResult>(string name, Func<RpcCall, TParams, Task<TResult>> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result) => Dispatcher.Expose(name, handler, parameters, result);

    /// <inheritdoc cref="RpcDispatcher.Expose{TParams, TResult}(string, Func{RpcCall, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(2)]
    public void Expose<TParams, TResult>(string name, Func<RpcCall, TParams, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result) => Dispatcher.Expose(name, handler, parameters, result);

    /// <summary>Binds the port and begins to accept.</summary>
    /// <exception cref="IOException">The port cannot be had; the text names it and what to do.</exception>
    /// <exception cref="InvalidOperationException">It is started already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _lifetime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_listener is not null)
                throw new InvalidOperationException("The RPC server is started already.");
            _listener = await RpcListener.StartAsync(Options, Dispatcher, _log, cancellationToken).ConfigureAwait(false);
            // Whoever was told the port still calls there after a stop and a start.
            Options.PreferredPort = _listener.EndPoint.Port;
        }
        finally
        {
            _lifetime.Release();
        }
    }

    /// <summary>Accepts no more, answers calls that are under way within <see cref="RpcServerLimits.StopTimeout"/>, and
    /// closes every connection. It may be started again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _lifetime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_listener is { } listener)
                await listener.StopAsync().ConfigureAwait(false);
            _listener = null;
        }
        finally
        {
            _lifetime.Release();
        }
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static (RpcServerOptions, RpcDispatcher) Check(RpcServerOptions? options, RpcDispatcher? dispatcher)
    {
        var copy = (options ?? new RpcServerOptions()).Copy();
        var errors = copy.Validate(dispatcher);
        return errors.Count == 0
            ? (copy, dispatcher ?? new RpcDispatcher(copy.ForDispatcher()))
            : throw new ArgumentException(string.Join(" ", errors), nameof(options));
    }
}
