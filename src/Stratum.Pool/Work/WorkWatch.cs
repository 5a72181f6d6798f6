using System.Globalization;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>
/// Watches the age of the work: since a daemon last gave it or said that nothing has changed. While none does it says so, and
/// after <c>MaxWorkAge</c> it sends the miners away, so that they go to their next pool instead of mining what nobody will pay.
/// </summary>
internal sealed class WorkWatch : IDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly StratumServer _server;
    // A daemon's restart takes some seconds; its own status is told at once.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _maxAge;
    private readonly TimeProvider _time;
    private readonly Action<WorkAge> _changed;
    private readonly ITimer _timer;
    private WorkState _state;
    private TimeSpan _told;
    private long _renewed;

    /// <param name="server">Whose miners are sent away.</param>
    /// <param name="maxAge">When.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Hears of every change, and once a minute of the age.</param>
    public WorkWatch(StratumServer server, TimeSpan maxAge, TimeProvider time, Action<WorkAge> changed)
    {
        (_server, _maxAge, _time, _changed) = (server, maxAge, time, changed);
        _renewed = time.GetTimestamp();
        _timer = time.CreateTimer(static watch => ((WorkWatch)watch!).Beat(), this, s_beat, s_beat);
    }

    /// <summary>There is new work, and it was broadcast.</summary>
    public void Renew()
    {
        WorkAge? news = null;
        lock (_gate)
        {
            var age = Age();
            _renewed = _time.GetTimestamp();
            if (_state != WorkState.Fresh)
                news = new WorkAge(WorkState.Fresh, TimeSpan.Zero, $"There is work again, after {Seconds(age)}.");
            _state = WorkState.Fresh;
        }
        _server.Resume();
        if (news is not null)
            _changed(news);
    }

    /// <summary>A daemon says that the work is still good. Once it was too old only new work ends that: miners were sent away
    /// from the old.</summary>
    public void Confirm()
    {
        lock (_gate)
        {
            if (_state != WorkState.TooOld)
                _renewed = _time.GetTimestamp();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Beat()
    {
        WorkAge news;
        lock (_gate)
        {
            var age = Age();
            var state = age >= _maxAge ? WorkState.TooOld : age > s_patience ? WorkState.Aging : WorkState.Fresh;
            var minute = state == WorkState.Aging && age - _told >= TimeSpan.FromMinutes(1);
            if (state == _state && !minute)
                return;
            (_state, _told) = (state, age);
            news = new WorkAge(state, age, state switch
            {
                WorkState.Fresh => "A daemon answers again: the work is still good.",
                WorkState.Aging => $"The work is {Seconds(age)} old: no daemon gives new work. After {Seconds(_maxAge)} miners are sent away.",
                _ => $"The work is {Seconds(age)} old and no daemon gives new work: miners are sent away until one does.",
            });
        }
        if (news.State != WorkState.TooOld || Suspend())
            _changed(news);
    }

    /// <summary>False: new work came in between, and is told of.</summary>
    private bool Suspend()
    {
        _server.Suspend();
        lock (_gate)
        {
            if (_state == WorkState.TooOld)
                return true;
        }
        _server.Resume();
        return false;
    }

    private TimeSpan Age() => _time.GetElapsedTime(_renewed);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture) + " s";
}
