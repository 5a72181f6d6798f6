using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Stratum.Client;

/// <summary>
/// The newest job, for any number of readers at their own pace. A slow one misses jobs and never holds up the
/// connection; that a clean job was among the missed ones it still learns.
/// </summary>
internal sealed class JobFeed
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private ClientJob? _current;
    private long _sequence;
    private long _lastClean;
    private bool _ended;
    private Exception? _failure;

    public ClientJob? Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    public void Publish(ClientJob job)
    {
        lock (_gate)
        {
            _current = job;
            _sequence++;
            if (job.Clean)
                _lastClean = _sequence;
            Signal();
        }
    }

    /// <summary>The connection is gone, and with it the worth of its jobs.</summary>
    public void Clear()
    {
        lock (_gate)
            _current = null;
    }

    /// <summary>No job will follow; readers end, with the failure if there is one.</summary>
    public void End(Exception? failure)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            _failure = failure;
            _current = null;
            Signal();
        }
    }

    public async IAsyncEnumerable<ClientJob> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long seen = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ClientJob? job;
            TaskCompletionSource changed;
            lock (_gate)
            {
                changed = _changed;
                job = _sequence > seen ? _current : null;
                if (job is not null && _lastClean > seen && !job.Clean)
                    job = job with { Clean = true };
                if (job is not null)
                    seen = _sequence;
                else if (_failure is not null)
                    ExceptionDispatchInfo.Throw(_failure);
                else if (_ended)
                    yield break;
            }

            if (job is not null)
                yield return job;
            else
                await changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }
}
