using System.Globalization;

namespace Stratum.Pool;

/// <summary>
/// One writer a journal. The lock is on a file of its own beside it, <c>FILE.lock</c>, which stays: on Unix .NET's
/// locks hold readers off too, and a journal must be readable while a pool writes it.
/// </summary>
internal static class JournalLock
{
    /// <summary>Holds the lock until disposed.</summary>
    /// <param name="file">The file itself.</param>
    /// <param name="name">What the user calls it.</param>
    /// <exception cref="JournalException">Somebody has it.</exception>
    public static FileStream Take(string file, string name)
    {
        var lockFile = file + ".lock";
        try
        {
            return new FileStream(lockFile, JournalFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        // A lock that is held is a plain IOException, whatever the system.
        catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(lockFile) && IsHeld(error))
        {
            throw JournalErrors.Locked(name, FindHolder(file));
        }
    }

    private static bool IsHeld(IOException error)
    {
        const int AgainLinux = 11;
        const int AgainMac = 35;
        const int WindowsSharing = unchecked((int)0x80070020);
        return error.HResult is AgainLinux or AgainMac or WindowsSharing;
    }

    // Linux tells who has which file open. Others' processes tell it to root only: then nobody is named.
    private static int? FindHolder(string file)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            // Its own name for the file, whatever links lead to it.
            using var journal = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            var sought = OpenFile($"/proc/self/fd/{journal.DangerousGetHandle()}") + ".lock";
            foreach (var process in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Holds(process, sought))
                    return id;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No /proc, or no right to look: nobody is named.
        }
        return null;
    }

    private static bool Holds(string process, string sought)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(process + "/fd").Any(entry => OpenFile(entry) == sought);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is somebody else's.
            return false;
        }
    }

    private static string? OpenFile(string descriptor) => new FileInfo(descriptor).LinkTarget;
}
