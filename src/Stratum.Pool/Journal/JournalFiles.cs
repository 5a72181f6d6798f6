using Microsoft.Win32.SafeHandles;

namespace Stratum.Pool;

/// <summary>Makes and opens files and folders that nobody else may read: blocks are money until they are deep.</summary>
internal static class JournalFiles
{
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        // No buffer: a record is one write.
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Beside a writer: nothing is locked that it would mind.</summary>
    public static SafeFileHandle OpenForReading(string file) =>
        File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Whether it lies where the system has devices and views of itself, none of which keeps a block.</summary>
    public static bool IsSpecial(string resolved) =>
        !OperatingSystem.IsWindows() && new[] { "/dev/", "/proc/", "/sys/" }.Any(folder => resolved.StartsWith(folder, StringComparison.Ordinal))
        && !resolved.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>The file itself, not a link to it: the lock lies beside that.</summary>
    public static string Resolve(string file)
    {
        var full = Path.GetFullPath(file);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>Makes the folders that are missing, the innermost for this user only.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
