using Microsoft.Extensions.Logging;

namespace Stratum.Client;

/// <summary>
/// <c>DEBUG=stratum</c> in the environment shows every line on standard error, as the ancestor did.
/// </summary>
internal sealed class DebugLog(string category) : ILogger
{
    /// <summary>A log, if the environment asks for one.</summary>
    public static ILogger? FromEnvironment(string category) =>
        Environment.GetEnvironmentVariable("DEBUG")?.Contains("stratum", StringComparison.OrdinalIgnoreCase) == true
            ? new DebugLog(category)
            : null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = $"{logLevel}: {category}[{eventId.Id}] {formatter(state, exception)}";
        Console.Error.WriteLine(exception is null ? text : $"{text} {exception}");
    }
}
