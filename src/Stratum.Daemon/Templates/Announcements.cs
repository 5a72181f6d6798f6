using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>The newest block that somebody told of, until the feed has looked.</summary>
internal sealed class Announcements
{
    private readonly Signal _signal = new();
    private Told? _newest;

    public Task Any => _signal.Task;

    public void Add(Hash256 block)
    {
        Volatile.Write(ref _newest, new Told(block));
        _signal.Set();
    }

    /// <summary>Null when nobody told of any since the last time.</summary>
    public Hash256? Take() => _signal.Reset() ? Volatile.Read(ref _newest)?.Block : null;

    private sealed record Told(Hash256 Block);
}
