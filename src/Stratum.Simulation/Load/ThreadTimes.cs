using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Stratum.Simulation;

/// <summary>
/// Processor time of a process on Linux in nanoseconds, by its threads: a thread that ends keeps what it was last seen
/// with. The files stay open, so that a look costs little.
/// </summary>
/// <param name="folder">The process, in /proc.</param>
internal sealed class ThreadTimes(string folder) : IDisposable
{
    private readonly Dictionary<string, Watched> _threads = [];
    private readonly byte[] _text = new byte[64];
    private long _looks;

    /// <summary>Of all threads so far.</summary>
    public long Nanoseconds { get; private set; }

    /// <summary>Threads that were there at the last look.</summary>
    public int Count => _threads.Count;

    /// <summary>Looks at every thread.</summary>
    /// <exception cref="IOException">The process is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's.</exception>
    public void Look()
    {
        _looks++;
        foreach (string task in Directory.EnumerateDirectories($"{folder}/task"))
        {
            if (!_threads.TryGetValue(task, out Watched? thread))
            {
                _threads.Add(task, thread = new Watched());
            }

            thread.SeenIn = _looks;
            try
            {
                thread.File ??= File.OpenHandle(task + "/schedstat");
                Look(thread, thread.File);
            }
            catch (IOException)
            {
                // It ended. Another one with its number begins at 0 again.
                Drop(task, thread);
            }
        }

        foreach (string task in _threads.Where(one => one.Value.SeenIn != _looks).Select(one => one.Key).ToList())
        {
            Drop(task, _threads[task]);
        }
    }

    public void Dispose()
    {
        foreach (Watched thread in _threads.Values)
        {
            thread.File?.Dispose();
        }
    }

    // 1234567 89 10: on a processor, waiting for one, turns.
    private void Look(Watched thread, SafeFileHandle file)
    {
        int length = RandomAccess.Read(file, _text, 0);
        if (Utf8Parser.TryParse(_text.AsSpan(0, length), out long now, out _))
        {
            Nanoseconds += now - thread.Last;
            thread.Last = now;
        }
    }

    private void Drop(string task, Watched thread)
    {
        thread.File?.Dispose();
        _threads.Remove(task);
    }

    private sealed class Watched
    {
        public SafeFileHandle? File { get; set; }

        public long Last { get; set; }

        public long SeenIn { get; set; }
    }
}
