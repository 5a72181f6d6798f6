using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>Hears of new blocks from elsewhere than a daemon's long poll: a notify command, ZMQ.</summary>
public interface IBlockSource
{
    /// <summary>The ids of new blocks as they come. When it throws or ends it is called again, with growing pauses; a
    /// block that it misses comes by the long poll.</summary>
    IAsyncEnumerable<Hash256> BlocksAsync(CancellationToken cancellationToken);
}
