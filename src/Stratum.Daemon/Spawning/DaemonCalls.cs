using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>The way to a spawned daemon's RPC server, as far as it is known, and the connections that are kept.</summary>
internal sealed class DaemonCalls(SpawnedDaemonOptions options, SpawnFiles files)
{
    private readonly Lock _gate = new();
    private JsonRpcHttpClient? _client;
    private int? _port;

    /// <summary>The port that the daemon is called on; null before one was picked.</summary>
    public int? Port
    {
        get
        {
            lock (_gate)
            {
                return _port ??= options.Port > 0 ? options.Port : files.KeptPort(SpawnFiles.RpcPort);
            }
        }
    }

    public Uri Url => new UriBuilder("http", options.Host, Port
        ?? throw new InvalidOperationException($"{options.Name} has no port yet: start it first, or give it one.")).Uri;

    public string? CookieFile => options.GenerateCredentials ? files.Credentials
        : options.Password is null ? Path.Combine(options.NetworkFolder, ".cookie") : null;

    private JsonRpcHttpClient Client
    {
        get
        {
            Uri url = Url;
            lock (_gate)
            {
                return _client ??= new JsonRpcHttpClient(new JsonRpcHttpClientOptions
                {
                    Url = url,
                    CookieFile = CookieFile,
                    User = options.User,
                    Password = options.Password,
                    Timeout = options.CallTimeout,
                    TimeProvider = options.TimeProvider,
                    LoggerFactory = options.LoggerFactory,
                });
            }
        }
    }

    /// <summary>Makes a call on the kept connections.</summary>
    /// <exception cref="RpcTransportException">There is no answer, also because <see cref="Close"/> came between.
    /// </exception>
    public async Task<T> CallAsync<T>(Func<JsonRpcHttpClient, Task<T>> call)
    {
        try
        {
            return await call(Client).ConfigureAwait(false);
        }
        catch (ObjectDisposedException e)
        {
            throw new RpcTransportException(
                RpcTransportFailure.ConnectionLost, $"{options.Name} ended or is told to stop.", null, e);
        }
    }

    /// <summary>Calls another port from now on.</summary>
    public void Use(int port)
    {
        lock (_gate)
        {
            if (_port != port)
            {
                _port = port;
                Drop();
            }
        }
    }

    /// <summary>Closes what is kept, for a daemon that waits for it with its end; the next call connects anew.</summary>
    public void Close()
    {
        lock (_gate)
        {
            Drop();
        }
    }

    private void Drop()
    {
        _client?.Dispose();
        _client = null;
    }
}
