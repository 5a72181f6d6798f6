using System.Net;
using System.Security.Cryptography;
using System.Text;
using Stratum.Rpc;
using Stratum.Server;

namespace Stratum.Simulation;

/// <summary>
/// A coin daemon on loopback: JSON-RPC over HTTP with Basic authentication, answered from a
/// <see cref="SimulatedChain"/> as bitcoind and litecoind 0.21 answer it. Several may share a chain: one node that is
/// reached in several ways. Nodes that can differ have a chain each (<see cref="SimulatedChain.CreatePeer"/>).
/// </summary>
public sealed partial class SimulatedDaemon : IAsyncDisposable
{
    private readonly RpcDispatcher _dispatcher;
    private readonly string? _folder;
    private CancellationTokenSource _stopping = new();
    private RpcServer? _server;
    private byte[] _credentials = [];
    private long _startedAt;

    /// <summary>Prepares a daemon; <see cref="StartAsync"/> makes it listen.</summary>
    /// <param name="chain">What it answers from. The caller keeps owning it.</param>
    /// <param name="options">Null: any free port and a cookie.</param>
    /// <exception cref="ArgumentException">A user without a password, or the reverse.</exception>
    public SimulatedDaemon(SimulatedChain chain, SimulatedDaemonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        Chain = chain;
        Options = options ?? new SimulatedDaemonOptions();
        Port = Options.Port;
        _peers = Options.Peers;
        ClockOffset = Options.ClockOffset;
        if (Options.User is null != Options.Password is null)
        {
            throw new ArgumentException(
                "User and Password belong together: give both, or none for a cookie.", nameof(options));
        }

        if (Options.User is null)
        {
            // 0700 on Unix.
            _folder = Directory.CreateTempSubdirectory("stratum-simulation-").FullName;
            CookieFile = Path.Combine(_folder, ".cookie");
        }

        _dispatcher = DaemonCalls.Create(this);
    }

    /// <summary>What the daemon answers from.</summary>
    public SimulatedChain Chain { get; }

    /// <summary>How it was set up.</summary>
    public SimulatedDaemonOptions Options { get; }

    /// <summary>The TCP port; known once it listens, and the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Where callers go: <c>http://127.0.0.1:PORT/</c>.</summary>
    public Uri Url => new($"http://127.0.0.1:{Port}/");

    /// <summary>
    /// The file with <c>__cookie__:PASSWORD</c>, mode 0600, there while the daemon listens and new at each start;
    /// null when a user and a password were given.
    /// </summary>
    public string? CookieFile { get; }

    internal TimeSpan Uptime => Chain.Options.TimeProvider.GetElapsedTime(_startedAt);

    /// <summary>Listens. After <see cref="StopAsync"/> it may be called again: a daemon that was restarted.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_server is not null)
        {
            throw new InvalidOperationException("The daemon listens already.");
        }

        var options = new RpcServerOptions
        {
            Port = Port,
            Mode = RpcMode.Http,
            HttpFilter = new DaemonEndpoint(this).HandleAsync,
            HttpStatus = DaemonCalls.StatusOf,
            Admits = _ => !ClosesConnection(),
            Limits =
            {
                // As a daemon's: a block in hex with room to spare (bitcoind's MAX_SIZE is 32 MiB), and callers may open
                // connections long before they need them.
                MaxMessageBytes = 32 << 20,
                MaxUnfinishedBytes = 1 << 30,
                MessageTimeout = TimeSpan.FromMinutes(2),
                FirstBytesTimeout = TimeSpan.FromMinutes(2),
            },
        };
        // Whatever the process has made the default of its own servers.
        options.Address = IPAddress.Loopback;
        options.PasswordHashes.Clear();
        options.SecretHashes.Clear();
        var server = new RpcServer(_dispatcher, options);
        WriteCredentials();
        _stopping = new CancellationTokenSource();
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        _server = server;
        _startedAt = Chain.Options.TimeProvider.GetTimestamp();
        Port = server.Port;
    }

    /// <summary>Closes the port, ends waiting calls and deletes the cookie. The chain lives on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_server is not { } server)
        {
            return;
        }

        _server = null;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await server.StopAsync(cancellationToken).ConfigureAwait(false);
        if (CookieFile is not null)
        {
            File.Delete(CookieFile);
        }
    }

    /// <summary>Stops, and removes the folder of the cookie.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    internal CancellationToken Stopping => _stopping.Token;

    internal bool IsAllowed(ReadOnlySpan<byte> userAndPassword) =>
        CryptographicOperations.FixedTimeEquals(userAndPassword, _credentials);

    private void WriteCredentials()
    {
        if (CookieFile is null)
        {
            _credentials = Encoding.UTF8.GetBytes($"{Options.User}:{Options.Password}");
            return;
        }

        _credentials = Encoding.UTF8.GetBytes("__cookie__:" + RandomNumberGenerator.GetHexString(64, lowercase: true));
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(CookieFile, mode);
        file.Write(_credentials);
    }
}
