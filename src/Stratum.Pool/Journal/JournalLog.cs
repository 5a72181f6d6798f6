using Microsoft.Extensions.Logging;

namespace Stratum.Pool;

/// <summary>The journal's log.</summary>
internal sealed partial class JournalLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(350, LogLevel.Information, "Journal {File}: {Blocks} blocks, {Open} open")]
    public partial void Opened(string file, int blocks, int open);

    [LoggerMessage(351, LogLevel.Warning, "Journal {File}: {Length} bytes from {Offset} were skipped: {Text}")]
    public partial void Damaged(string file, long offset, long length, string text);

    [LoggerMessage(352, LogLevel.Error, "{Text}")]
    public partial void Troubled(string text);

    [LoggerMessage(353, LogLevel.Information, "{Text}")]
    public partial void Well(string text);

    [LoggerMessage(354, LogLevel.Error, "A handler of Troubled failed")]
    public partial void HandlerFailed(Exception error);
}
