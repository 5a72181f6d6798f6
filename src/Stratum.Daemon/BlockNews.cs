using System.Threading.Channels;
using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>Carries news of blocks that come by a call (a daemon's notify command) to whoever follows templates. It is
/// told again as well: the block of one daemon is another's later, and a killed daemon gets its own a second time. Who has
/// it already does nothing.</summary>
public sealed class BlockNews : IBlockSource
{
    // A daemon that catches up reports many.
    private const int Remembered = 64;

    private readonly Lock _gate = new();
    private readonly List<Channel<Hash256>> _readers = [];
    private readonly Queue<Hash256> _recent = new();

    /// <summary>Tells of a block. From any thread; never waits.</summary>
    /// <param name="block">Its id.</param>
    /// <returns>False when it was reported before.</returns>
    public bool Report(Hash256 block)
    {
        lock (_gate)
        {
            foreach (Channel<Hash256> reader in _readers)
            {
                reader.Writer.TryWrite(block);
            }

            if (_recent.Contains(block))
            {
                return false;
            }

            if (_recent.Count == Remembered)
            {
                _recent.Dequeue();
            }

            _recent.Enqueue(block);
            return true;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Hash256> BlocksAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Only the newest matters to who is late.
        var reader = Channel.CreateBounded<Hash256>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _readers.Add(reader);
        }

        try
        {
            await foreach (Hash256 block in reader.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return block;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(reader);
            }
        }
    }
}
