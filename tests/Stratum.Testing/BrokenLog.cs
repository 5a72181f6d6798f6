using Microsoft.Extensions.Logging;

namespace Stratum.Testing;

/// <summary>A log whose disk is full: each line throws.</summary>
public sealed class BrokenLog : ILoggerFactory, ILogger
{
    private int _count;

    /// <summary>Lines that it was told.</summary>
    public int Count => Volatile.Read(ref _count);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref _count);
        throw new IOException("No space left on device");
    }

    public void Dispose()
    {
    }
}
