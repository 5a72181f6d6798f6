using Microsoft.Win32.SafeHandles;

namespace Stratum.Pool.Tests;

/// <summary>A file whose disk hangs or refuses when told to.</summary>
internal sealed class MoodyDisk(SafeFileHandle handle) : IJournalDisk
{
    private readonly JournalDisk _disk = new(handle);
    private readonly ManualResetEventSlim _open = new(true);
    private readonly ManualResetEventSlim _flushOpen = new(true);
    private int _flushes;

    /// <summary>What the next writes fail with, after this many of their bytes.</summary>
    public (Exception Error, int After)? WriteFailure { get; set; }

    public Exception? FlushFailure { get; set; }

    public int Flushes => Volatile.Read(ref _flushes);

    public TaskCompletionSource WriteReached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource FlushReached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Hang() => _open.Reset();

    public void GoOn() => _open.Set();

    public void HangFlush() => _flushOpen.Reset();

    public void GoOnFlush() => _flushOpen.Set();

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        WriteReached.TrySetResult();
        _open.Wait();
        if (WriteFailure is { } failure)
        {
            _disk.Write(bytes[..Math.Min(failure.After, bytes.Length)], offset);
            throw failure.Error;
        }
        _disk.Write(bytes, offset);
    }

    public void Flush()
    {
        FlushReached.TrySetResult();
        _flushOpen.Wait();
        Interlocked.Increment(ref _flushes);
        if (FlushFailure is { } failure)
            throw failure;
        _disk.Flush();
    }
}
