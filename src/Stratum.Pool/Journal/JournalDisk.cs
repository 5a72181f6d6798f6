using Microsoft.Win32.SafeHandles;

namespace Stratum.Pool;

/// <summary>A file.</summary>
internal sealed class JournalDisk(SafeFileHandle handle) : IJournalDisk
{
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public void Flush() => RandomAccess.FlushToDisk(handle);
}
