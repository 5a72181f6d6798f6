using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
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
    private readonly List<JournalEntry> _entries = [];
    private readonly Func<SafeFileHandle, IJournalDisk> _newDisk;
    private readonly string _file;
    private readonly BlockJournalOptions _options;
    private readonly JournalHealth _health;
    private readonly JournalFlusher _flusher;
    private readonly Thread _writer;
    private JournalOpened _opened;
    private IJournalDisk _disk;
    private JournalWork? _current;
    private long _waitingBytes;
    private long _end;
    private bool _ending;

    public JournalQueue(
        string file, JournalOpened opened, Func<SafeFileHandle, IJournalDisk> newDisk, BlockJournalOptions options, Action<JournalTrouble> tell)
    {
        (_file, _opened, _newDisk, _options) = (file, opened, newDisk, options);
        _disk = newDisk(opened.File.SafeFileHandle);
        Take(opened);
        _health = new JournalHealth(file, options, tell);
        // Whoever ends last closes the file and gives the lock back: while a write may still happen nobody else may write.
        _flusher = new JournalFlusher(_disk, file, _health, () =>
        {
            _health.Dispose();
            _opened.Dispose();
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

    private void Take(JournalOpened opened)
    {
        _entries.Clear();
        _index.Clear();
        _entries.AddRange(opened.Scan.Entries);
        for (var i = 0; i < _entries.Count; i++)
            _index[_entries[i].Hash] = i;
        _end = opened.End;
    }

    // Somebody's clean-up, a log rotation, an editor: the bytes would go where nobody finds them.
    private void KeepFile()
    {
        if (!_opened.IsLost(_end))
            return;
        var opened = _opened.Reopen(_file);
        var before = _opened.File;
        lock (_gate)
        {
            _opened = opened;
            _disk = _newDisk(opened.File.SafeFileHandle);
            Take(opened);
        }
        _flusher.Use(_disk);
        before.Dispose();
        _health.Lost();
    }

    // After a failed write the next record goes to the same place, over whatever part of this one got there.
    private int Write(JournalWork work)
    {
        JournalException? failure = null;
        _health.WriteBegins();
        try
        {
            KeepFile();
            lock (_gate)
            {
                if (work is StateWork && !_index.ContainsKey(work.Hash))
                    throw JournalErrors.Unknown(_file, work.Hash);
            }
            var record = work.Encode(_opened.Key);
            _disk.Write(record, _end);
            return record.Length;
        }
        catch (JournalException error) when (error.Problem == JournalProblem.NoBlock)
        {
            // No fault of the disk.
            throw;
        }
        catch (Exception error)
        {
            throw failure = error as JournalException ?? JournalErrors.Writing(_file, error);
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
