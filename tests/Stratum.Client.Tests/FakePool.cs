using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Stratum.Client.Tests;

/// <summary>A pool that does what the test says, on a loopback socket.</summary>
internal sealed class FakePool : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly List<FakePoolConnection> _connections = [];

    public FakePool(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
    }

    public static TimeSpan Patience => TimeSpan.FromSeconds(30);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"stratum+{(_certificate is null ? "tcp" : "ssl")}://localhost:{Port}";

    public static StratumClientOptions Options { get; } = new()
    {
        User = "alice.rig",
        ReconnectDelay = TimeSpan.FromMilliseconds(5),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
    };

    public bool HasCaller => _listener.Pending();

    public async Task<FakePoolConnection> AcceptAsync()
    {
        var socket = await _listener.AcceptSocketAsync().WaitAsync(Patience);
        socket.NoDelay = true;
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (_certificate is not null)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(_certificate).WaitAsync(Patience);
            stream = secure;
        }

        var connection = new FakePoolConnection(socket, stream);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>A client that is connected and has not said anything.</summary>
    public async Task<(StratumClient Client, FakePoolConnection Pool)> ConnectAsync(StratumClientOptions? options = null)
    {
        var client = new StratumClient(options ?? Options);
        var accept = AcceptAsync();
        await client.ConnectAsync(Url).WaitAsync(Patience);
        return (client, await accept);
    }

    /// <summary>A client that is logged in.</summary>
    public async Task<(StratumClient Client, FakePoolConnection Pool)> LoginAsync(StratumClientOptions? options = null)
    {
        var (client, pool) = await ConnectAsync(options);
        var login = client.LoginAsync();
        await pool.AnswerLoginAsync(configure: client.Options.VersionRollingMask is not null);
        await login.WaitAsync(Patience);
        return (client, pool);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var connection in _connections)
            connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
