using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
    private WebApplication? _app;
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

        _dispatcher = new RpcDispatcher(
            [
                .. MiningCalls.Create(this), .. ChainCalls.Create(this), .. NetworkCalls.Create(this),
                .. AddressCalls.Create(this),
            ],
            this);
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
        if (_app is not null)
        {
            throw new InvalidOperationException("The daemon listens already.");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Use(next => connection =>
            {
                if (!ClosesConnection())
                {
                    return next(connection);
                }

                connection.Abort();
                return Task.CompletedTask;
            }));
        });

        // The usual life time would take SIGTERM and Ctrl-C away from the program that this daemon is a part of.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.Run(new DaemonEndpoint(this, _dispatcher).HandleAsync);
        WriteCredentials();
        _stopping = new CancellationTokenSource();
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _app = app;
        _startedAt = Chain.Options.TimeProvider.GetTimestamp();
        Port = new Uri(app.Urls.First()).Port;
    }

    /// <summary>Closes the port, ends waiting calls and deletes the cookie. The chain lives on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_app is not { } app)
        {
            return;
        }

        _app = null;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await app.StopAsync(cancellationToken).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
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

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
