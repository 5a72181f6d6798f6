using System.Threading.Channels;

namespace Stratum.Client;

/// <summary>Handlers of requests, one after the other, away from the thread that reads.</summary>
internal sealed class HandlerQueue
{
    // A pool asks now and then; one that asks faster than we answer is told so.
    private const int MaxWaiting = 100;

    private readonly Channel<Func<Task>> _queue =
        Channel.CreateBounded<Func<Task>>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly ClientLog _log;
    private int _started;

    public HandlerQueue(ClientLog log) => _log = log;

    public bool TryAdd(Func<Task> handler)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            _ = Task.Run(RunAsync);
        return _queue.Writer.TryWrite(handler);
    }

    public void Stop() => _queue.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (var handler in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await handler().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                _log.HandlerFailed(failure);
            }
        }
    }
}
