using System.Net;

namespace Stratum.Server;

/// <summary>All listeners of a server: who is let in to any of them, and the certificate that they offer.</summary>
internal sealed class Listeners(StratumServer server)
{
    private readonly List<Listener> _listeners = [];
    private readonly ConnectionCaps _caps = new(server.Options.Limits.MaxConnections, server.Options.Limits.MaxConnectionsPerAddress);
    private TlsCertificate? _certificate;

    /// <summary>How busy the server is; null when that is not measured.</summary>
    public LagMeter? Lag { get; } = server.Options.TooBusy is { Ticks: > 0 } limit
        // The system's clock: a thread pool is late in real time only.
        ? new LagMeter(limit, TimeProvider.System, static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false),
            server.Log.BusyChanged)
        : null;

    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => listener.EndPoint)];

    public int ConnectionCount => _caps.Count;

    /// <summary>Binds all or, when one fails, none.</summary>
    /// <exception cref="IOException">A port or the certificate cannot be had; the text says what to do.</exception>
    public void Start()
    {
        var options = server.Options;
        if (options.CertificateFile is not null)
            _certificate = new TlsCertificate(options, server.Log);
        try
        {
            foreach (var endPoint in options.EndPoints)
                _listeners.Add(Listener.Bind(server, endPoint, this, _certificate));
        }
        catch
        {
            foreach (var listener in _listeners)
                listener.Dispose();
            _listeners.Clear();
            throw;
        }
        Lag?.Start();
        foreach (var listener in _listeners)
            listener.Accept();
    }

    /// <summary>Counts a connection; what it gives is why it is not let in instead.</summary>
    public BusyEvent? Admit(IPAddress address)
    {
        var reason = Lag?.Refuses(Random.Shared.NextDouble()) == true ? BusyReason.Lag : _caps.TryEnter(address);
        return reason is { } why ? new BusyEvent(address, why, _caps.Count, Lag?.Lag ?? TimeSpan.Zero) : null;
    }

    public void Leave(IPAddress address) => _caps.Leave(address);

    public void Tick() => _certificate?.ReloadIfChanged();

    public async Task StopAsync()
    {
        Lag?.Stop();
        foreach (var listener in _listeners)
            await listener.StopAsync().ConfigureAwait(false);
        _listeners.Clear();
        _certificate = null;
    }
}
