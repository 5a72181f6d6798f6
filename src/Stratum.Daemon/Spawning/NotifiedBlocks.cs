using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>Blocks that a notify command told of, for each coin daemon that listens.</summary>
internal sealed class NotifiedBlocks : IBlockSource
{
    // Only the newest matters; a listener that is late for more looks at the tip anyway.
    private const int MaxWaiting = 16;

    private readonly Lock _gate = new();
    private readonly List<Channel<Hash256>> _listeners = [];

    public void Add(Hash256 block)
    {
        lock (_gate)
        {
            foreach (Channel<Hash256> listener in _listeners)
            {
                listener.Writer.TryWrite(block);
            }
        }
    }

    public async IAsyncEnumerable<Hash256> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<Hash256>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _listeners.Add(channel);
        }

        try
        {
            await foreach (Hash256 block in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return block;
            }
        }
        finally
        {
            lock (_gate)
            {
                _listeners.Remove(channel);
            }
        }
    }
}
