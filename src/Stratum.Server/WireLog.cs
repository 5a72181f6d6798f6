using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stratum.Server;

/// <summary><c>DEBUG=stratum</c> in the environment shows every line on standard error, as the ancestor did.</summary>
internal sealed class WireLog : IDisposable
{
    private WireLog() => Factory = LoggerFactory.Create(builder => builder
        .SetMinimumLevel(LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                // A terminal that is held (Ctrl-S) must not hold the threads that carry the miners; it says how many lines
                // it has dropped.
                console.QueueFullMode = Microsoft.Extensions.Logging.Console.ConsoleLoggerQueueFullMode.DropWrite;
            }));

    public ILoggerFactory Factory { get; }

    public static WireLog? FromEnvironment() =>
        Environment.GetEnvironmentVariable("DEBUG")?.Contains("stratum", StringComparison.OrdinalIgnoreCase) == true
            ? new WireLog()
            : null;

    public void Dispose() => Factory.Dispose();
}
