using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stratum.Mining;

namespace Stratum.Server;

/// <summary>
/// Counters of meter <c>Stratum.Server</c>. Tags come from enums only. A listener of yours that throws costs the figure, nothing
/// else: what is told here is told in the middle of serving.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Verdicts =
        [.. Enum.GetValues<ShareVerdict>().Select(verdict => new KeyValuePair<string, object?>("verdict", verdict.ToString()))];

    private readonly Meter _meter;
    private readonly bool _owned;
    private readonly Histogram<double> _shareDuration;
    private readonly Counter<long> _disconnects;
    private readonly Counter<long> _busy;
    private readonly Counter<long> _protocolErrors;
    private readonly Counter<long> _handlerFailures;
    private readonly Counter<long> _jobs;

    private static readonly KeyValuePair<string, object?>[] s_refusals =
        [.. Enum.GetValues<BusyReason>().Select(reason => new KeyValuePair<string, object?>("reason", reason.ToString()))];

    public ServerMetrics(IMeterFactory? factory, Func<int> sessions, LagMeter? lag)
    {
        _owned = factory is null;
        _meter = factory?.Create("Stratum.Server") ?? new Meter("Stratum.Server");
        _meter.CreateObservableUpDownCounter("stratum.server.sessions", sessions, "{session}", "Open sessions");
        if (lag is not null)
            _meter.CreateObservableGauge(
                "stratum.server.lag", () => lag.Behind.TotalSeconds, "s", "How late the server does its work, smoothed");
        _shareDuration = _meter.CreateHistogram<double>("stratum.server.share.duration", "s", "From a share's bytes to its queued answer");
        _disconnects = _meter.CreateCounter<long>("stratum.server.disconnects", "{session}", "Ended sessions by reason");
        _busy = _meter.CreateCounter<long>("stratum.server.busy", "{connection}", "Connections refused: too many, or too busy");
        _protocolErrors = _meter.CreateCounter<long>("stratum.server.protocol_errors", "{line}", "Lines that could not be read");
        _handlerFailures = _meter.CreateCounter<long>("stratum.server.handler_failures", "{exception}", "Exceptions of handlers");
        _jobs = _meter.CreateCounter<long>("stratum.server.jobs", "{job}", "Jobs broadcast");
    }

    /// <summary>When a share's bytes came, for <see cref="Share"/>; 0 when nobody listens, which saves two looks at the clock.</summary>
    public long ShareStarted() => _shareDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void Share(ShareVerdict verdict, long started)
    {
        if (started == 0)
            return;
        try
        {
            _shareDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, Verdicts[(int)verdict]);
        }
        catch (Exception)
        {
            // There is nowhere to say it: see Add.
        }
    }

    public void Closed(DisconnectReason reason)
    {
        if (_disconnects.Enabled)
            Add(_disconnects, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    public void Busy(BusyReason reason) => Add(_busy, s_refusals[(int)reason]);

    public void ProtocolError() => Add(_protocolErrors);

    public void HandlerFailed() => Add(_handlerFailures);

    public void JobBroadcast() => Add(_jobs);

    public void Dispose()
    {
        if (_owned)
            _meter.Dispose();
    }

    private static void Add(Counter<long> counter, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(1, tags);
        }
        catch (Exception)
        {
            // There is nowhere to say it: a log is not about figures, and a counter of failures is told by the same listener.
        }
    }
}
