namespace Stratum.Pool;

/// <summary>A journal that was opened for writing: its lock, its file, and what is in it.</summary>
internal sealed record JournalOpened(
    FileStream Lock, FileStream File, string Resolved, JournalScan Scan, byte[] Key, long End) : IDisposable
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
            if (JournalFiles.IsSpecial(resolved))
                throw JournalErrors.NotAFile(file);
            JournalFiles.MakeFolder(Path.GetDirectoryName(resolved)!);
            held = JournalLock.Take(resolved, file);
            return OpenFile(file, resolved, held, ref stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            held?.Dispose();
            throw JournalErrors.Opening(file, error);
        }
    }

    /// <summary>Whether the file is no longer the one that is open, or shorter than what was written to it.</summary>
    public bool IsLost(long written)
    {
        var length = RandomAccess.GetLength(File.SafeFileHandle);
        var there = new FileInfo(Resolved);
        return !there.Exists || there.Length != length || length < written;
    }

    /// <summary>The file of that name as it is now, under the same lock.</summary>
    public JournalOpened Reopen(string file)
    {
        FileStream? stream = null;
        try
        {
            JournalFiles.MakeFolder(Path.GetDirectoryName(Resolved)!);
            return OpenFile(file, Resolved, Lock, ref stream);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    private static JournalOpened OpenFile(string file, string resolved, FileStream held, ref FileStream? stream)
    {
        // Readers and their shared locks are welcome.
        stream = new FileStream(resolved, JournalFiles.Options(
            FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        if (!stream.CanSeek)
            throw JournalErrors.NotAFile(file);
        var scan = JournalScan.Read(stream.SafeFileHandle, file);
        if (scan.Key is { } key)
            return new JournalOpened(held, stream, resolved, scan, key, scan.End);

        var header = JournalFormat.NewHeader();
        RandomAccess.Write(stream.SafeFileHandle, header, 0);
        JournalFormat.TryReadHeader(header, out _, out var drawn);
        return new JournalOpened(held, stream, resolved, scan, drawn!, Math.Max(header.Length, scan.End));
    }

    /// <summary>The lock goes last.</summary>
    public void Dispose()
    {
        File.Dispose();
        Lock.Dispose();
    }
}
