namespace Stratum.Pool;

/// <summary>
/// Flushes beside the writing, on a thread of its own: one flush serves all records that were written before it began.
/// </summary>
internal sealed class JournalFlusher
{
    private readonly object _gate = new();
    private IJournalDisk _disk;
    private readonly string _file;
    private readonly JournalHealth _health;
    private readonly Action _atEnd;
    private readonly Thread _thread;
    // The new file itself first.
    private bool _dirty = true;
    private bool _ending;

    /// <param name="disk">What is flushed.</param>
    /// <param name="file">Its name, for people.</param>
    /// <param name="health">Hears how it went.</param>
    /// <param name="atEnd">Runs when nothing will be flushed any more.</param>
    public JournalFlusher(IJournalDisk disk, string file, JournalHealth health, Action atEnd)
    {
        (_disk, _file, _health, _atEnd) = (disk, file, health, atEnd);
        // Background: a disk that hangs must not keep the process.
        _thread = new Thread(Run) { IsBackground = true, Name = "Journal flush" };
        _thread.Start();
    }

    /// <summary>Another file from now on.</summary>
    public void Use(IJournalDisk disk)
    {
        lock (_gate)
            _disk = disk;
    }

    public void Wake()
    {
        lock (_gate)
        {
            _dirty = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets it end, after a last flush.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ending = true;
            Monitor.Pulse(_gate);
        }
    }

    public bool Join(TimeSpan timeout) => _thread.Join(timeout);

    private void Run()
    {
        while (Next())
        {
            try
            {
                _health.FlushBegins();
                Disk().Flush();
                _health.FlushEnded(null);
            }
            catch (Exception error)
            {
                // The next record tries again.
                _health.FlushEnded(JournalErrors.Flushing(_file, error));
            }
        }
        _atEnd();
    }

    private IJournalDisk Disk()
    {
        lock (_gate)
            return _disk;
    }

    private bool Next()
    {
        lock (_gate)
        {
            while (!_dirty && !_ending)
                Monitor.Wait(_gate);
            var flush = _dirty;
            _dirty = false;
            return flush;
        }
    }
}
