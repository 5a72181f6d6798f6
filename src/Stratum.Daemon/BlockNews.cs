using System.Threading.Channels;
using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>Carries news of blocks that come by a call (a daemon's notify command) to whoever follows templates. A block
/// is news once, however often and by how many it is reported.</summary>
public sealed class BlockNews : IBlockSource
{
    // A daemon that catches up reports many; a block told again after so many others only costs a look.
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
            if (_recent.Contains(block))
            {
                return false;
            }

            if (_recent.Count == Remembered)
            {
                _recent.Dequeue();
            }

            _recent.Enqueue(block);
            foreach (Channel<Hash256> reader in _readers)
            {
                reader.Writer.TryWrite(block);
            }

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
