using System.Buffers;

namespace Stratum.Client;

/// <summary>
/// Lines on their way out. Whoever writes while nothing is being sent sends; what is written meanwhile goes out
/// together in the next send.
/// </summary>
internal sealed class Outbox(Stream stream, int limit, Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _filling = new(1024);
    private ArrayBufferWriter<byte> _sending = new(1024);
    private TaskCompletionSource? _flush;

    /// <summary>Adds lines, which <paramref name="write"/> writes whole.</summary>
    /// <param name="write">Called under the lock: quick, and only writing.</param>
    /// <param name="written">Called under the lock with what was written; null when nobody looks.</param>
    /// <returns>Ends when the lines are with the operating system.</returns>
    /// <exception cref="IOException">The peer does not read; the connection was failed.</exception>
    public Task AddAsync(Action<IBufferWriter<byte>> write, Action<ReadOnlySpan<byte>>? written)
    {
        TaskCompletionSource flush;
        bool isSender = false;
        lock (_gate)
        {
            int start = _filling.WrittenCount;
            if (start > limit)
            {
                var reason = new IOException($"The pool does not read: {start} bytes wait for it");
                failed(reason);
                throw reason;
            }

            write(_filling);
            written?.Invoke(_filling.WrittenSpan[start..]);
            if (_flush is null)
            {
                _flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                isSender = true;
            }

            flush = _flush;
        }

        if (isSender)
            _ = SendAsync(flush);
        return flush.Task;
    }

    private async Task SendAsync(TaskCompletionSource flush)
    {
        try
        {
            while (TryTakeBatch(out var batch))
            {
                await stream.WriteAsync(batch.WrittenMemory).ConfigureAwait(false);
                batch.ResetWrittenCount();
            }

            flush.TrySetResult();
        }
        catch (Exception error)
        {
            // _flush stays: nothing is sent on a broken connection.
            failed(error);
            flush.TrySetException(new IOException($"The connection was lost while sending: {error.Message}", error));
            _ = flush.Task.Exception; // most callers do not wait for it
        }
    }

    private bool TryTakeBatch(out ArrayBufferWriter<byte> batch)
    {
        lock (_gate)
        {
            batch = _filling;
            if (batch.WrittenCount == 0)
            {
                _flush = null;
                return false;
            }

            (_filling, _sending) = (_sending, _filling);
            return true;
        }
    }
}
