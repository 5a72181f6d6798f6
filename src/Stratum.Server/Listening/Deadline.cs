namespace Stratum.Server;

/// <summary>A token that ends with a time, or before it with something else.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    public Deadline(TimeSpan timeout, TimeProvider time, CancellationToken other)
    {
        _timer = new CancellationTokenSource(timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, other);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Whether it was the time.</summary>
    public bool IsOver => _timer.IsCancellationRequested;

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
