using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Pool;

/// <summary>The logs of the pool and its journal. One class for the whole assembly, as in the server and for its reason.</summary>
internal sealed partial class PoolLog(ILoggerFactory? factory, string category)
{
    private readonly ILogger _logger = GuardedLogger.Create(factory, category);

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

    // Of the journal.

    [LoggerMessage(350, LogLevel.Information, "Journal {File}: {Blocks} blocks, {Open} open")]
    public partial void JournalOpened(string file, int blocks, int open);

    [LoggerMessage(351, LogLevel.Warning, "Journal {File}: {Length} bytes from {Offset} were skipped: {Text}")]
    public partial void JournalDamaged(string file, long offset, long length, string text);

    [LoggerMessage(352, LogLevel.Error, "{Text}")]
    public partial void JournalTroubled(string text);

    [LoggerMessage(353, LogLevel.Information, "{Text}")]
    public partial void JournalWell(string text);

    [LoggerMessage(354, LogLevel.Error, "A handler of Troubled failed")]
    public partial void JournalHandlerFailed(Exception error);
}
