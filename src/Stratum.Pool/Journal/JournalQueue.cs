using System.Diagnostics;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>
/// What waits to be written, the thread that writes it in order, and the entries as the file has them. The lock is
/// never held across a write.
/// </summary>
internal sealed class JournalQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<JournalWork> _waiting = new();
    private readonly Dictionary<Hash256, Task> _adding = [];
    private readonly Dictionary<Hash256, int> _index = [];
    private readonly List<JournalEntry> _entries;
    private readonly JournalOpened _opened;
    private readonly string _file;
    private readonly IJournalDisk _disk;
    private readonly BlockJournalOptions _options;
    private readonly JournalHealth _health;
    private readonly JournalFlusher _flusher;
    private readonly Thread _writer;
    private JournalWork? _current;
    private long _waitingBytes;
    private long _end;
    private bool _ending;

    public JournalQueue(string file, JournalOpened opened, IJournalDisk disk, BlockJournalOptions options, Action<JournalTrouble> tell)
    {
        (_file, _opened, _end, _disk, _options) = (file, opened, opened.End, disk, options);
        _entries = [.. opened.Scan.Entries];
        for (var i = 0; i < _entries.Count; i++)
            _index[_entries[i].Hash] = i;
        _health = new JournalHealth(file, options, tell);
        // Whoever ends last closes the file and gives the lock back: while a write may still happen nobody else may write.
        _flusher = new JournalFlusher(disk, file, _health, () =>
        {
            _health.Dispose();
            opened.Dispose();
        });
        // Background: a write that hangs must not keep the process.
        _writer = new Thread(Run) { IsBackground = true, Name = "Journal" };
        _writer.Start();
    }

    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    /// <summary>Through the file that is open: there may be no descriptor left for another.</summary>
    public ReadOnlyMemory<byte> ReadBlock(JournalEntry entry)
    {
        try
        {
            return JournalEntries.ReadBlock(_opened.File.SafeFileHandle, _file, entry);
        }
        catch (ObjectDisposedException)
        {
            throw JournalErrors.Closed(_file);
        }
    }

    public Task AddAsync(JournalWork work)
    {
        lock (_gate)
        {
            if (work is BlockWork && _index.ContainsKey(work.Hash))
                return Task.CompletedTask;
            if (work is BlockWork && _adding.TryGetValue(work.Hash, out var adding))
                return adding;
            if (_ending)
                work.Fail(JournalErrors.Closed(_file));
            // A single one is taken whatever its size.
            else if (_waiting.Count >= _options.MaxWaitingRecords
                || _waiting.Count > 0 && _waitingBytes + work.Size > _options.MaxWaitingBytes)
                work.Fail(JournalErrors.Behind(_file, _waiting.Count, _waitingBytes));
            else
            {
                _waiting.Enqueue(work);
                _waitingBytes += work.Size;
                if (work is BlockWork)
                    _adding[work.Hash] = work.Done;
                Monitor.Pulse(_gate);
            }
        }
        return work.Done;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_ending)
                return;
            _ending = true;
            Monitor.Pulse(_gate);
        }
        var began = Stopwatch.GetTimestamp();
        if (_writer.Join(_options.StopTimeout))
        {
            var rest = _options.StopTimeout - Stopwatch.GetElapsedTime(began);
            _flusher.Join(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
            return;
        }
        lock (_gate)
        {
            _current?.Fail(JournalErrors.Closed(_file));
            foreach (var work in _waiting)
                work.Fail(JournalErrors.Closed(_file));
            _waiting.Clear();
        }
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            JournalException? failure = null;
            var size = 0;
            try
            {
                size = Write(work);
            }
            catch (JournalException error)
            {
                failure = error;
            }
            lock (_gate)
            {
                _current = null;
                if (work is BlockWork)
                    _adding.Remove(work.Hash);
                if (failure is null)
                    Apply(work, size);
            }
            // Told after all is in its place: whoever waits may give the block again, or look for it.
            if (failure is not null)
            {
                work.Fail(failure);
                continue;
            }
            work.Succeed();
            _flusher.Wake();
        }
        _flusher.End();
    }

    private JournalWork? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_ending)
                Monitor.Wait(_gate);
            if (!_waiting.TryDequeue(out _current))
                return null;
            _waitingBytes -= _current.Size;
            return _current;
        }
    }

    // After a failed write the next record goes to the same place, over whatever part of this one got there.
    private int Write(JournalWork work)
    {
        lock (_gate)
        {
            if (work is StateWork && !_index.ContainsKey(work.Hash))
                throw JournalErrors.Unknown(_file, work.Hash);
        }
        JournalException? failure = null;
        _health.WriteBegins();
        try
        {
            var record = work.Encode(_opened.Key);
            _disk.Write(record, _end);
            return record.Length;
        }
        catch (Exception error)
        {
            throw failure = JournalErrors.Writing(_file, error);
        }
        finally
        {
            _health.WriteEnded(failure?.Message);
        }
    }

    private void Apply(JournalWork work, int size)
    {
        if (work is BlockWork block)
        {
            _index.Add(work.Hash, _entries.Count);
            _entries.Add(JournalEntries.Of(block.Line, work.Hash, new JournalRecord(_end, JournalFormat.BlockType, [], block.Length, _end + size)));
        }
        else if (work is StateWork state)
        {
            var at = _index[work.Hash];
            _entries[at] = JournalEntries.With(_entries[at], state.Line, state.State);
        }
        _end += size;
    }
}
