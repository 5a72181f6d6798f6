using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Stratum.Server.Tests.UnobservedExceptions))]

namespace Stratum.Server.Tests;

/// <summary>Fails the run when a task failed and nobody looked.</summary>
public sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<Exception> _seen = new();

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += Note;

    public void Dispose()
    {
        // Only a finalizer tells that nobody can look any more.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        TaskScheduler.UnobservedTaskException -= Note;
        if (!_seen.IsEmpty)
            throw new InvalidOperationException("Unobserved: " + string.Join("\n", _seen));
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs failure) => _seen.Enqueue(failure.Exception);
}
