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

    [LoggerMessage(302, LogLevel.Warning, "A block was submitted and the daemon did not answer ({Error}); it is offered again")]
    public partial void SubmitUnanswered(string error);
}
