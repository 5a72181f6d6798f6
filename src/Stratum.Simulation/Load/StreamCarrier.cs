using System.Net;
using Stratum.Client;
using Stratum.Server;

namespace Stratum.Simulation;

/// <summary>Each connection is a stream: TLS, and systems other than Linux.</summary>
internal sealed class StreamCarrier : ILoadCarrier
{
    private readonly LoadEngine _engine;
    private readonly StratumUrl _url;
    private readonly StratumClientOptions _client;
    private readonly EventLoop? _loop;
    private readonly LoopTimer? _loopTimer;
    private readonly Timer? _poolTimer;
    private readonly LoopOutput _output = new();
    private readonly HashSet<Task> _links = [];

    /// <summary>Begins to serve an engine.</summary>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public StreamCarrier(LoadEngine engine, IPAddress address, LoadOptions options)
    {
        _engine = engine;
        _url = new StratumUrl(address.ToString(), options.Url.Port, options.Url.UseTls);
        _client = StratumClientOptions.Default with
        {
            User = options.User,
            ConnectTimeout = options.LoginTimeout,
            TlsHost = options.Url.Host,
            // Servers under test sign their own, and between this machine and itself there is nobody.
            DangerousAcceptAnyCertificate = LocalHost.IsThisMachine(address),
        };
        if (LoopCarrier.Problem is null)
        {
            _loop = EventLoop.Start(0);
            _loopTimer = LoopTimer.Start(_loop, _ => Act(), _ => { });
        }
        else
        {
            _poolTimer = new Timer(_ => Act());
        }
    }

    public ILoadLink Open(LoadPeer peer)
    {
        var link = new StreamLink(_engine, peer, token => PoolConnector.OpenAsync(_url, _client, token));
        _links.RemoveWhere(one => one.IsCompleted);
        _links.Add(Task.Run(link.RunAsync));
        return link;
    }

    public void Wake()
    {
        _loopTimer?.Ask();
        _poolTimer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void WakeAfter(long nanoseconds)
    {
        _loopTimer?.Set(nanoseconds);
        _poolTimer?.Change(TimeSpan.FromMilliseconds(Math.Max(0, nanoseconds / 1_000_000)), Timeout.InfiniteTimeSpan);
    }

    public async Task StopAsync()
    {
        Task[] links;
        lock (_engine.Gate)
        {
            links = [.. _links];
        }

        await Task.WhenAll(links).ConfigureAwait(false);
        if (_poolTimer is not null)
        {
            await _poolTimer.DisposeAsync().ConfigureAwait(false);
        }

        _loopTimer?.End();
        _loop?.Stop();
        await (_loop?.Ended ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private void Act()
    {
        lock (_engine.Gate)
        {
            try
            {
                _engine.Act(_output);
            }
            catch (Exception error)
            {
                _engine.Fail($"The load generator made a mistake: {error}");
            }
        }
    }
}
