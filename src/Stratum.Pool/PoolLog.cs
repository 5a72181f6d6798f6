using Microsoft.Extensions.Logging;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>The pool's log.</summary>
internal sealed partial class PoolLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(300, LogLevel.Information, "Block {Height} {Hash}: {State}, {Confirmations} deep, by {Daemon}: {Reason}")]
    public partial void BlockTold(long height, Hash256 hash, BlockState state, int confirmations, string? daemon, string? reason);

    [LoggerMessage(301, LogLevel.Error, "No more templates are read")]
    public partial void FeedFailed(Exception error);

    [LoggerMessage(303, LogLevel.Error, "The template of height {Height} cannot be made into work; the work before it is kept")]
    public partial void TemplateUnusable(long height, Exception error);

    [LoggerMessage(304, LogLevel.Critical, "Block {Height} {Hash} was found and cannot be assembled")]
    public partial void BlockNotAssembled(long height, Hash256 hash, Exception error);

    [LoggerMessage(305, LogLevel.Error, "A handler of an event of the pool failed")]
    public partial void HandlerFailed(Exception error);

    [LoggerMessage(307, LogLevel.Warning, "{Text}")]
    public partial void Notice(string text);

    [LoggerMessage(308, LogLevel.Warning, "{Daemon} could not be checked: {Reason}")]
    public partial void NotChecked(string daemon, string reason);
}
