using System.Diagnostics;

namespace Stratum.Pool;

/// <summary>
/// What is wrong with a journal's disk, told when it changes: in order, one at a time, and never by the threads that
/// write and flush.
/// </summary>
internal sealed class JournalHealth : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<JournalTrouble> _untold = new();
    private readonly Action<JournalTrouble> _tell;
    private readonly string _file;
    private readonly TimeSpan _slowAfter;
    private readonly TimeSpan _flushSlowAfter;
    private readonly Timer _timer;
    private readonly Timer _flushTimer;
    private long _began;
    private bool _writing;
    private bool _slow;
    private string? _writeFailure;
    private string? _flushFailure;
    private long _flushBegan;
    private bool _flushing;
    private bool _flushSlow;
    private JournalTroubleKind _told;
    private bool _telling;

    public JournalHealth(string file, BlockJournalOptions options, Action<JournalTrouble> tell)
    {
        (_file, _slowAfter, _flushSlowAfter, _tell) = (file, options.SlowAfter, options.FlushSlowAfter, tell);
        _timer = new Timer(_ => LookAtWrite(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _flushTimer = new Timer(_ => LookAtFlush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void WriteBegins()
    {
        lock (_gate)
        {
            (_began, _writing) = (Stopwatch.GetTimestamp(), true);
            _timer.Change(_slowAfter, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The write returned; with the sentence that says why it failed, or null.</summary>
    public void WriteEnded(string? failure)
    {
        lock (_gate)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            (_writing, _slow, _writeFailure) = (false, false, failure);
            Changed();
        }
    }

    public void Lost()
    {
        lock (_gate)
            Tell(new JournalTrouble(JournalTroubleKind.Lost, JournalErrors.Lost(_file)));
    }

    public void FlushBegins()
    {
        lock (_gate)
        {
            (_flushBegan, _flushing) = (Stopwatch.GetTimestamp(), true);
            _flushTimer.Change(_flushSlowAfter, Timeout.InfiniteTimeSpan);
        }
    }

    public void FlushEnded(string? failure)
    {
        lock (_gate)
        {
            _flushTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            (_flushing, _flushSlow, _flushFailure) = (false, false, failure);
            Changed();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _flushTimer.Dispose();
    }

    private void LookAtWrite()
    {
        lock (_gate)
        {
            // Half: a timer may come a little early, and one of the write before may come late.
            if (!_writing || Stopwatch.GetElapsedTime(_began) < _slowAfter / 2)
                return;
            _slow = true;
            Changed();
        }
    }

    private void LookAtFlush()
    {
        lock (_gate)
        {
            if (!_flushing || Stopwatch.GetElapsedTime(_flushBegan) < _flushSlowAfter / 2)
                return;
            _flushSlow = true;
            Changed();
        }
    }

    private void Changed()
    {
        var now = _slow ? new JournalTrouble(JournalTroubleKind.Slow, JournalErrors.Slow(_file, _slowAfter))
            : _writeFailure is not null ? new JournalTrouble(JournalTroubleKind.WriteFailed, _writeFailure)
            : _flushFailure is not null ? new JournalTrouble(JournalTroubleKind.FlushFailed, _flushFailure)
            : _flushSlow ? new JournalTrouble(JournalTroubleKind.FlushSlow, JournalErrors.FlushSlow(_file, _flushSlowAfter))
            : new JournalTrouble(JournalTroubleKind.Well, JournalErrors.Well(_file));
        if (now.Kind != _told)
            Tell(now);
    }

    private void Tell(JournalTrouble now)
    {
        _told = now.Kind;
        _untold.Enqueue(now);
        if (_telling)
            return;
        _telling = true;
        ThreadPool.QueueUserWorkItem(static health => health.TellAll(), this, preferLocal: false);
    }

    private void TellAll()
    {
        while (true)
        {
            JournalTrouble? next;
            lock (_gate)
            {
                if (!_untold.TryDequeue(out next))
                {
                    _telling = false;
                    return;
                }
            }
            _tell(next);
        }
    }
}
