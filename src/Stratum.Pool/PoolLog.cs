using Microsoft.Extensions.Logging;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>The pool's log.</summary>
internal sealed partial class PoolLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(300, LogLevel.Information, "Block {Height} {Hash}: {Answer}")]
    public partial void BlockSubmitted(long height, Hash256 hash, string answer);

    [LoggerMessage(301, LogLevel.Error, "No more templates are read")]
    public partial void FeedFailed(Exception error);

    [LoggerMessage(303, LogLevel.Error, "The template of height {Height} cannot be made into work; the work before it is kept")]
    public partial void TemplateUnusable(long height, Exception error);

    [LoggerMessage(304, LogLevel.Critical, "Block {Height} {Hash} was found and cannot be assembled")]
    public partial void BlockNotAssembled(long height, Hash256 hash, Exception error);

    [LoggerMessage(305, LogLevel.Error, "A handler of BlockSubmitted failed")]
    public partial void HandlerFailed(Exception error);

    [LoggerMessage(302, LogLevel.Warning, "A block was submitted and the daemon did not answer ({Error}); it is offered again")]
    public partial void SubmitUnanswered(string error);
}
