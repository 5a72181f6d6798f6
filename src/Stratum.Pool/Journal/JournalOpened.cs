namespace Stratum.Pool;

/// <summary>A journal that was opened for writing: its lock, its file, and what is in it.</summary>
internal sealed record JournalOpened(FileStream Lock, FileStream File, JournalScan Scan, byte[] Key, long End) : IDisposable
{
    /// <exception cref="JournalException">It cannot be; the text says why.</exception>
    public static JournalOpened Open(string file)
    {
        FileStream? held = null;
        FileStream? stream = null;
        try
        {
            var resolved = JournalFiles.Resolve(file);
            if (Directory.Exists(resolved))
                throw new UnauthorizedAccessException();
            JournalFiles.MakeFolder(Path.GetDirectoryName(resolved)!);
            held = JournalLock.Take(resolved, file);
            // Readers and their shared locks are welcome.
            stream = new FileStream(resolved, JournalFiles.Options(
                FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
            var scan = JournalScan.Read(stream.SafeFileHandle, file);
            if (scan.Key is { } key)
                return new JournalOpened(held, stream, scan, key, scan.End);

            var header = JournalFormat.NewHeader();
            RandomAccess.Write(stream.SafeFileHandle, header, 0);
            JournalFormat.TryReadHeader(header, out _, out var drawn);
            return new JournalOpened(held, stream, scan, drawn!, Math.Max(header.Length, scan.End));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            held?.Dispose();
            throw JournalErrors.Opening(file, error);
        }
    }

    /// <summary>The lock goes last.</summary>
    public void Dispose()
    {
        File.Dispose();
        Lock.Dispose();
    }
}
