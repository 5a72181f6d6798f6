using Microsoft.Extensions.Logging;

namespace Stratum.Cli;

/// <summary>Hands what somebody should act on, of logs that nobody asked for, to the operator.</summary>
internal sealed class WarningLog(Action<string> say) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            say(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
