namespace Stratum.Cli;

/// <summary>
/// Whole lines from any thread. A thread of its own writes them, so that whoever has something to say never waits for
/// a reader: a terminal that is stopped with Ctrl-S, or a full pipe, must not stop the mining.
/// </summary>
internal sealed class LineOutput : IDisposable
{
    // Some 2 MB of waiting lines; a reader that is only slow never gets so far behind.
    private const int MostWaiting = 10_000;

    // What follows a line is collected for so long: waking the thread for each of a thousand shares a second would cost more
    // than the shares.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly TextWriter _output;
    private readonly Func<long, string> _left;
    private readonly Queue<string> _waiting = new();
    private readonly Thread _writer;
    private long _leftOut;
    private long _written;
    private bool _isIdle;
    private bool _ending;
    private bool _readerGone;

    /// <summary>Lines to a writer; <paramref name="left"/> makes the line that tells how many were left out, because
    /// too many waited.</summary>
    public LineOutput(TextWriter output, Func<long, string> left)
    {
        _output = output;
        _left = left;
        // Background: a write that nobody takes must not keep the process.
        _writer = new Thread(Run) { IsBackground = true, Name = "Output" };
        _writer.Start();
    }

    public void Write(string line)
    {
        lock (_waiting)
        {
            if (_readerGone)
                return;
            if (_waiting.Count >= MostWaiting)
            {
                _leftOut++;
                return;
            }
            if (_leftOut > 0)
            {
                _waiting.Enqueue(_left(_leftOut));
                _leftOut = 0;
            }
            _waiting.Enqueue(line);
            if (_isIdle)
                Monitor.Pulse(_waiting);
        }
    }

    /// <summary>Waits until all is written, as long as somebody takes it.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _ending = true;
            Monitor.Pulse(_waiting);
        }
        long before;
        do
            before = Volatile.Read(ref _written);
        while (!_writer.Join(s_patience) && Volatile.Read(ref _written) != before);
    }

    private void Run()
    {
        try
        {
            while (Next() is { } line)
            {
                _output.WriteLine(line);
                Volatile.Write(ref _written, _written + 1);
            }
            _output.Flush();
        }
        catch (IOException)
        {
            // The reader of the pipe has gone; the pool goes on.
        }
        lock (_waiting)
        {
            _readerGone = true;
            _waiting.Clear();
        }
    }

    private string? Next()
    {
        lock (_waiting)
        {
            if (_waiting.Count == 0 && !_ending)
                Monitor.Wait(_waiting, s_moment);
            while (_waiting.Count == 0 && !_ending)
            {
                _isIdle = true;
                Monitor.Wait(_waiting);
                _isIdle = false;
            }
            if (_waiting.TryDequeue(out var line))
                return line;
            if (_leftOut == 0)
                return null;
            var left = _left(_leftOut);
            _leftOut = 0;
            return left;
        }
    }
}
