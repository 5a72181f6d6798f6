using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>
/// A coin daemon that we run: started in a session of its own (Ctrl-C does not reach it), watched, started again when it
/// dies, and stopped with us. One that runs already on our data folder and knows our credentials is taken over instead:
/// when we were killed, the next start finds it. Linux only.
/// </summary>
public sealed partial class SpawnedDaemon : IAsyncDisposable
{
    private readonly SpawnFiles _files;
    private readonly DaemonCalls _calls;
    private readonly ILogger _logger;
    private readonly BlockNews _blocks = new();

    /// <summary>Starts nothing and touches no file.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the text has all that is.</exception>
    public SpawnedDaemon(SpawnedDaemonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = Checked(options);
        _files = new SpawnFiles(options);
        _calls = new DaemonCalls(options, _files);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Stratum.Daemon.SpawnedDaemon");
        _status = new SpawnedStatus(SpawnedState.Stopped, $"{options.Name} was not started.");
    }

    /// <summary>What it was made with.</summary>
    public SpawnedDaemonOptions Options { get; private set; }

    /// <summary>What it runs to tell of blocks, its wallet and alerts. The RPC server that is called has perhaps no port
    /// before it is started, so this is set late: from the next start of the daemon on it counts.</summary>
    /// <exception cref="ArgumentException">It cannot be run; the text says why.</exception>
    public NotifyCommand? NotifyCommand
    {
        get => Options.NotifyCommand;
        set => Options = Checked(Options with { NotifyCommand = value });
    }

    /// <summary>How it is.</summary>
    public SpawnedStatus Status => Volatile.Read(ref _status);

    /// <summary>Where it is in its life.</summary>
    public SpawnedState State => Status.State;

    /// <summary>Of its process; null while there is none.</summary>
    public int? Pid => Status.Pid;

    /// <summary>Its RPC server.</summary>
    /// <exception cref="InvalidOperationException">No port was given, and none is picked before the first start.
    /// </exception>
    public Uri Url => _calls.Url;

    /// <summary>Its port for other nodes, where <see cref="SpawnedDaemonOptions.PeerPort"/> asked for one: known after
    /// the first start. Of one that somebody else started it is what its command line says; null when it says nothing.
    /// Another one is told <c>-connect=127.0.0.1:PORT</c>.</summary>
    public int? PeerPort => Options.PeerPort is { } given
        ? given > 0 ? given : _foundPeerPort is > 0 and var found ? found : _files.KeptPort(SpawnFiles.PeerPort)
        : null;

    /// <summary>Picks the ports that were given as 0, or finds those of a daemon that runs already, so that
    /// <see cref="Url"/> and <see cref="PeerPort"/> are known before the start.</summary>
    /// <exception cref="DaemonStartException">The state folder cannot be used, no port is free, or nothing says which
    /// one a daemon that runs already has.</exception>
    public void PickPorts()
    {
        if (Adoption.Find(Options, _files) is { } running)
        {
            UsePortsOf(running);
            return;
        }

        _calls.Use(_port ??= _files.Port(SpawnFiles.RpcPort, Options.Port));
        if (Options.PeerPort is { } wanted)
        {
            _files.Port(SpawnFiles.PeerPort, wanted);
        }
    }

    /// <summary>Any call; to one that runs already, also before <see cref="StartAsync"/>.</summary>
    /// <param name="method">As the daemon names it: <c>getblockcount</c>.</param>
    /// <param name="parameters">Positional parameters; null sends <c>[]</c>.</param>
    /// <param name="timeout">For this call; null takes <see cref="SpawnedDaemonOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the daemon may still do what was asked.</param>
    /// <exception cref="RpcException">The daemon said no; -28: it is starting.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the daemon acted is unknown.</exception>
    /// <exception cref="InvalidOperationException">Its port is not known yet.</exception>
    [OverloadResolutionPriority(1)]
    public Task<JsonElement> CallAsync(
        string method,
        JsonArray? parameters = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        _calls.CallAsync(client => client.CallAsync(method, parameters, timeout, cancellationToken));

    /// <summary>Any call, with its parameters by their names; Bitcoin Core and its kin take them since 0.14.</summary>
    /// <param name="method">As the daemon names it: <c>getblockhash</c>.</param>
    /// <param name="parameters">As the daemon's <c>help</c> names them: <c>height</c>.</param>
    /// <param name="timeout">For this call; null takes <see cref="SpawnedDaemonOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the daemon may still do what was asked.</param>
    /// <exception cref="RpcException">The daemon said no; -28: it is starting.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the daemon acted is unknown.</exception>
    /// <exception cref="InvalidOperationException">Its port is not known yet.</exception>
    public Task<JsonElement> CallAsync(
        string method,
        JsonObject parameters,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        _calls.CallAsync(client => ((IRpcClient)client).CallAsync(method, parameters, timeout, cancellationToken));

    /// <summary>Several calls in one request; see <see cref="JsonRpcHttpClient.CallBatchAsync"/>.</summary>
    /// <exception cref="RpcTransportException">There is no answer; whether the daemon acted is unknown.</exception>
    /// <exception cref="InvalidOperationException">Its port is not known yet.</exception>
    public Task<IReadOnlyList<RpcBatchAnswer>> CallBatchAsync(
        IReadOnlyList<RpcBatchCall> calls, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _calls.CallAsync(client => client.CallBatchAsync(calls, timeout, cancellationToken));

    /// <summary>How a <see cref="CoinDaemon"/> gets at it: to be mined with like any other. What
    /// <see cref="TellAsync"/> hears of blocks reaches it, too.</summary>
    /// <param name="coin">What is mined.</param>
    /// <param name="network">The same network as <see cref="SpawnedDaemonOptions.Network"/>.</param>
    /// <exception cref="InvalidOperationException">Its port is not known yet.</exception>
    public CoinDaemonOptions ToCoinDaemonOptions(Coin coin, CoinNetwork network) => new()
    {
        Name = Options.Name,
        Url = Url,
        CookieFile = _calls.CookieFile,
        User = Options.User,
        Password = Options.Password,
        Coin = coin,
        Network = network,
        BlockSources = [_blocks],
        TimeProvider = Options.TimeProvider,
        LoggerFactory = Options.LoggerFactory,
    };

    private static SpawnedDaemonOptions Checked(SpawnedDaemonOptions options)
    {
        IReadOnlyList<string> errors = options.FindErrors();
        return errors.Count == 0
            ? options
            : throw new ArgumentException($"Daemon {options.Name}: {string.Join(" ", errors)}", nameof(options));
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _calls.Close();
    }
}
