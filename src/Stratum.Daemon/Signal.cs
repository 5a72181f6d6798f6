namespace Stratum.Daemon;

/// <summary>Wakes one waiter, from any thread. Set twice before the waiter looked is set once; what it looks at must be
/// written before <see cref="Set"/>, and read after <see cref="Reset"/>.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _source = New();

    public Task Task => Volatile.Read(ref _source).Task;

    public void Set() => Volatile.Read(ref _source).TrySetResult();

    /// <summary>True when it was set. For the waiter only.</summary>
    public bool Reset()
    {
        if (!Task.IsCompleted)
        {
            return false;
        }

        Interlocked.Exchange(ref _source, New());
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
