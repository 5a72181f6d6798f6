using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLoggers : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text, Exception? Failure)> Lines { get; } = new();

    public LogLevel Least { get; set; } = LogLevel.Debug;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Lines.Enqueue((eventId.Id, logLevel, formatter(state, exception), exception));
    }

    public void Dispose()
    {
    }
}
