using System.Net;

namespace Stratum.Server;

/// <summary>All listeners of a server, the caps that they share and the certificate that they offer.</summary>
internal sealed class Listeners(StratumServer server)
{
    private readonly List<Listener> _listeners = [];
    private readonly ConnectionCaps _caps = new(server.Options.Limits.MaxConnections, server.Options.Limits.MaxConnectionsPerAddress);
    private TlsCertificate? _certificate;

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
                _listeners.Add(Listener.Bind(server, endPoint, _caps, _certificate));
        }
        catch
        {
            foreach (var listener in _listeners)
                listener.Dispose();
            _listeners.Clear();
            throw;
        }
        foreach (var listener in _listeners)
            listener.Accept();
    }

    public void Tick() => _certificate?.ReloadIfChanged();

    public async Task StopAsync()
    {
        foreach (var listener in _listeners)
            await listener.StopAsync().ConfigureAwait(false);
        _listeners.Clear();
        _certificate = null;
    }
}
