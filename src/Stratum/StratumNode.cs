using System.Net;
using Stratum.Daemon;
using Stratum.Rpc;
using Stratum.Server;

namespace Stratum;

/// <summary>
/// Server, JSON-RPC server and coin daemons, started and stopped as one: first the RPC server, which the daemons call,
/// then the daemons, then parts of yours (a pool), then the Stratum port; and back in reverse. No part knows the others;
/// what a daemon tells the RPC server of a block reaches whoever follows <see cref="BlocksOf"/>.
/// </summary>
public sealed class StratumNode : IAsyncDisposable
{
    private readonly StratumNodeOptions _options;
    private readonly PartSequence _sequence;
    private readonly List<SpawnedDaemon> _daemons = [];
    private readonly List<NodePart> _parts = [];
    private readonly SemaphoreSlim _lifetime = new(1, 1);
    private readonly NewsDesk? _news;
    // Those whose command is ours to change.
    private readonly HashSet<SpawnedDaemon> _told = [];
    private IDisposable? _hold;
    private bool _started;

    /// <summary>A node; nothing runs yet.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public StratumNode(StratumNodeOptions? options = null)
    {
        _options = options ?? new StratumNodeOptions();
        var errors = _options.Validate();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        var log = new NodeLog(GuardedLogger.Create(_options.LoggerFactory, "Stratum.Node"));
        _sequence = new PartSequence(log);
        if (_options.Server is { } server)
        {
            server = server.Copy();
            server.LoggerFactory ??= _options.LoggerFactory;
            Server = new StratumServer(server);
        }
        if (_options is { Rpc: not null, StateFolder: not null, NotifyProgram: null })
            log.NoNotifyProgram();
        if (_options.Rpc is not { } rpc)
            return;
        rpc = rpc.Copy();
        rpc.LoggerFactory ??= _options.LoggerFactory;
        if (CallsBack is { } state)
        {
            rpc.SecretHashes.Add(RpcPassword.Hash(state.ReadNotifyPassword()));
            rpc.PreferredPort ??= state.RpcServerPort;
        }
        Rpc = new RpcServer(rpc, Server);
        _news = new NewsDesk(Rpc, log);
    }

    /// <summary>The Stratum server; null where the options have none.</summary>
    public StratumServer? Server { get; }

    /// <summary>The JSON-RPC server: expose procedures of your own here. Null where the options have none.</summary>
    public RpcServer? Rpc { get; }

    /// <summary>The daemons, in the order in which they start.</summary>
    public IReadOnlyList<SpawnedDaemon> Daemons => _daemons;

    // Where everything is there for daemons to call us.
    private DaemonStateFolder? CallsBack =>
        _options is { Rpc: not null, NotifyProgram: not null, StateFolder: { } state } ? state : null;

    /// <summary>Adds a daemon: it starts after the RPC server, unless it is not enabled, and is disposed with the node.
    /// </summary>
    /// <exception cref="InvalidOperationException">The node is started.</exception>
    /// <exception cref="ArgumentException">Another daemon has that name.</exception>
    public void Add(SpawnedDaemon daemon)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        NeedStopped();
        var name = daemon.Options.Name;
        if (_daemons.Any(other => string.Equals(other.Options.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException($"Two daemons are called {name}: give each a name of its own.", nameof(daemon));
        _daemons.Add(daemon);
        _news?.Add(daemon);
    }

    /// <summary>Adds a part that starts after the daemons and before the Stratum port.</summary>
    /// <exception cref="InvalidOperationException">The node is started.</exception>
    public void Add(NodePart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        NeedStopped();
        _parts.Add(part);
    }

    /// <summary>What the RPC server is told of a daemon's blocks, for
    /// <see cref="CoinDaemonOptions.BlockSources"/>; the name is known to it from now on.</summary>
    /// <param name="source">As the notify command calls itself (<c>--source</c>), in any case.</param>
    public IBlockSource BlocksOf(string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        return _news?.BlocksOf(source) ?? new BlockNews();
    }

    /// <summary>Starts everything, or, when a part fails, nothing: those before it are stopped again.</summary>
    /// <exception cref="NodeStartException">A part failed; the text says which and why.</exception>
    /// <exception cref="InvalidOperationException">It is started already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _lifetime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_started)
                throw new InvalidOperationException("The node is started already.");
            _started = true;
            await _sequence.StartAsync(Parts(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not InvalidOperationException || error is NodeStartException)
        {
            _started = false;
            throw;
        }
        finally
        {
            _lifetime.Release();
        }
    }

    /// <summary>Stops everything in reverse.</summary>
    public async Task StopAsync()
    {
        await _lifetime.WaitAsync().ConfigureAwait(false);
        try
        {
            await _sequence.StopAsync().ConfigureAwait(false);
            _started = false;
        }
        finally
        {
            _lifetime.Release();
        }
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach (var daemon in Daemons)
            await daemon.DisposeAsync().ConfigureAwait(false);
        if (Rpc is not null)
            await Rpc.DisposeAsync().ConfigureAwait(false);
        if (Server is not null)
            await Server.DisposeAsync().ConfigureAwait(false);
    }

    private IEnumerable<NodePart> Parts()
    {
        if (Rpc is { } rpc)
            yield return new NodePart("The RPC server", token => StartRpcAsync(rpc, token), () => StopRpcAsync(rpc));
        foreach (var daemon in _daemons.Where(daemon => daemon.Options.Enable))
            yield return new NodePart($"The daemon {daemon.Options.Name}", daemon.StartAsync, () => daemon.StopAsync());
        foreach (var part in _parts)
            yield return part;
        if (Server is { } server)
            yield return new NodePart("The Stratum server", server.StartAsync, () => server.StopAsync());
    }

    private async Task StartRpcAsync(RpcServer rpc, CancellationToken cancellationToken)
    {
        _hold = CallsBack?.Hold();
        try
        {
            await rpc.StartAsync(cancellationToken).ConfigureAwait(false);
            LetDaemonsCall(rpc);
        }
        catch
        {
            await StopRpcAsync(rpc).ConfigureAwait(false);
            throw;
        }
    }

    private async Task StopRpcAsync(RpcServer rpc)
    {
        await rpc.StopAsync().ConfigureAwait(false);
        _hold?.Dispose();
        _hold = null;
    }

    private void LetDaemonsCall(RpcServer rpc)
    {
        if (CallsBack is not { } state)
            return;
        state.RpcServerPort = rpc.Port;
        foreach (var daemon in _daemons.Where(daemon => daemon.NotifyCommand is null || _told.Contains(daemon)))
        {
            _told.Add(daemon);
            daemon.NotifyCommand = new NotifyCommand
            {
                Program = _options.NotifyProgram!,
                Host = Reachable(rpc.EndPoint!.Address).ToString(),
                Port = rpc.Port,
                PasswordFile = state.NotifyPasswordFile,
            };
        }
    }

    private void NeedStopped()
    {
        if (_started)
            throw new InvalidOperationException("Add daemons and parts before the node is started.");
    }

    // The daemons are on this machine; 0.0.0.0 is no address to call.
    private static IPAddress Reachable(IPAddress bound) =>
        bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
}
