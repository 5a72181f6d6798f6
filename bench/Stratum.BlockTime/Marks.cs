using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Stratum.BlockTime;

/// <summary>
/// When the pool got where, without a change in it: .NET's own activity of a call ends with the headers of its answer
/// (the daemon writes those when it has the whole), the log says that a template was read, an event that the job is in
/// every slot.
/// </summary>
internal sealed class Marks : ILoggerFactory, ILogger
{
    private const int TemplateRead = 604;

    // The bench calls the daemon too.
    private static readonly AsyncLocal<bool> s_isOurs = new();
    private readonly ActivityListener _calls;
    private long _lastAnswer;
    private long _answered;
    private long _read;
    private long _inSlots;

    public Marks()
    {
        _calls = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = _ =>
            {
                if (!s_isOurs.Value)
                    Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
            },
        };
        ActivitySource.AddActivityListener(_calls);
    }

    public static bool IsOurs
    {
        get => s_isOurs.Value;
        set => s_isOurs.Value = value;
    }

    /// <summary>The answer to the long poll began to come.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>It came in whole and was read.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>The job is made and in every slot.</summary>
    public long InSlots => Volatile.Read(ref _inSlots);

    /// <summary>Of the last template.</summary>
    public int Transactions { get; private set; }

    public void Begin() => _answered = _read = _inSlots = 0;

    public void NoteBroadcast() => Interlocked.CompareExchange(ref _inSlots, Stopwatch.GetTimestamp(), 0);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
            Console.Error.WriteLine(formatter(state, exception));
        if (eventId.Id != TemplateRead || Interlocked.CompareExchange(ref _read, Stopwatch.GetTimestamp(), 0) != 0)
            return;
        Volatile.Write(ref _answered, Volatile.Read(ref _lastAnswer));
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            Transactions = (int)values.First(value => value.Key == "Transactions").Value!;
    }

    // Only the daemon's side logs here: a line a session would be a part of what is measured.
    public bool IsEnabled(LogLevel logLevel) => true;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose() => _calls.Dispose();
}
