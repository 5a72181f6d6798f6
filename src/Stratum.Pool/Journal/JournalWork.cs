using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>A record that waits to be written.</summary>
internal abstract class JournalWork(Hash256 hash)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Hash256 Hash { get; } = hash;

    public Task Done => _done.Task;

    /// <summary>Roughly the memory that it holds while it waits.</summary>
    public abstract long Size { get; }

    public abstract byte[] Encode(byte[] key);

    public void Succeed() => _done.TrySetResult();

    public void Fail(JournalException error)
    {
        _done.TrySetException(error);
        // Observed: Troubled tells of it too, and a pool that did not wait must not hear of it a third time.
        _ = _done.Task.Exception;
    }
}

/// <summary>A found block.</summary>
internal sealed class BlockWork(JournalBlock block) : JournalWork(block.Hash)
{
    public BlockLine Line { get; } = new(block.Hash.ToString(), block.Height, JournalText.Cut(block.Coin)!, JournalText.Cut(block.Network)!,
        JournalText.Cut(block.Worker)!, block.FoundAt);

    public int Length => block.Bytes.Length;

    public override long Size => block.Bytes.Length;

    public override byte[] Encode(byte[] key) => JournalFormat.Encode(key, JournalFormat.BlockType,
        JsonSerializer.SerializeToUtf8Bytes(Line, JournalLines.Default.BlockLine), block.Bytes.Span);
}

/// <summary>What became of a block.</summary>
internal sealed class StateWork(Hash256 hash, BlockState state, StateLine line) : JournalWork(hash)
{
    public BlockState State => state;

    public StateLine Line => line;

    public override long Size => 0;

    public override byte[] Encode(byte[] key) => JournalFormat.Encode(key, JournalFormat.StateType,
        JsonSerializer.SerializeToUtf8Bytes(line, JournalLines.Default.StateLine), default);
}
