using System.Net;

namespace Stratum.Server;

/// <summary>All listeners of a server: who is let in to any of them, and the certificate that they offer.</summary>
internal sealed class Listeners(StratumServer server)
{
    private readonly List<Listener> _listeners = [];
    private volatile IPEndPoint[] _endPoints = [];
    private readonly ConnectionCaps _caps = new(server.Options.Limits.MaxConnections, server.Options.Limits.MaxConnectionsPerAddress);
    private readonly LogPace _refusals = new(server.Options.TimeProvider);
    private readonly LogPace _failures = new(server.Options.TimeProvider);
    private OpenFiles _files = OpenFiles.Unlimited;
    private TlsCertificate? _certificate;
    private IReadOnlyList<LoopMark> _marks = [];

    /// <summary>How busy the server is; null when that is not measured.</summary>
    public LagMeter? Lag { get; } = server.Options.TooBusy is { Ticks: > 0 } limit
        // The system's clock: threads are late in real time only.
        ? new LagMeter(limit, TimeProvider.System, static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false),
            server.Log.BusyChanged)
        : null;

    /// <summary>Replaced as a whole: others read it while it starts and stops.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

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
        _endPoints = [.. _listeners.Select(listener => listener.EndPoint)];
        _files = OpenFiles.OfProcess();
        if (_files.MostConnections < options.Limits.MaxConnections)
            server.Log.OpenFilesFirst(_files.MostConnections, _files.Limit, options.Limits.MaxConnections);
        if (Lag is { } lag)
        {
            _marks = server.Loops?.Mark(lag.Arrive) ?? [];
            lag.Start([.. _marks.Select(mark => (Action)mark.Ask)]);
        }
        foreach (var listener in _listeners)
            listener.Accept();
    }

    /// <summary>Counts a connection; what it gives is why it is not let in instead.</summary>
    public BusyEvent? Admit(IPAddress address, long descriptor)
    {
        var reason = Lag?.Refuses(Random.Shared.NextDouble()) == true ? BusyReason.Lag
            : !_files.Allows(descriptor) ? BusyReason.OpenFiles
            : _caps.TryEnter(address);
        return reason is { } why ? new BusyEvent(address, why, _caps.Count, Lag?.Lag ?? TimeSpan.Zero) : null;
    }

    /// <summary>Says that a connection was refused.</summary>
    public void LogRefusal(BusyEvent busy)
    {
        if (busy.Reason == BusyReason.Lag)
            server.Log.RefusedBusy(busy.RemoteAddress, busy.Lag.TotalMilliseconds);
        else if (!_refusals.IsDue(out var more))
            server.Log.Refused(busy.RemoteAddress, busy.Reason);
        else if (busy.Reason == BusyReason.OpenFiles)
            server.Log.RefusedOpenFiles(busy.RemoteAddress, busy.Connections, _files.Limit, _files.Reserve, more);
        else
            server.Log.RefusedCap(busy.RemoteAddress, busy.Connections, busy.Reason, more);
    }

    /// <summary>Accepting failed; it is tried again.</summary>
    public void NoteFailure(string error)
    {
        if (_failures.IsDue(out var more))
            server.Log.AcceptFailed(error, more);
    }

    public void Leave(IPAddress address) => _caps.Leave(address);

    public void Tick() => _certificate?.ReloadIfChanged();

    public async Task StopAsync()
    {
        Lag?.Stop();
        foreach (var mark in _marks)
            mark.End();
        _marks = [];
        foreach (var listener in _listeners)
            await listener.StopAsync().ConfigureAwait(false);
        // Who has not spoken by now is let go.
        server.Loops?.Tick();
        _listeners.Clear();
        _endPoints = [];
        _certificate = null;
    }
}
