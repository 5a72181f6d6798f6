using System.Runtime.InteropServices;

namespace Stratum.Pool;

/// <summary>
/// Makes a new file's name survive a loss of power: its folder has to be synced, and .NET opens no folders. The only
/// native calls outside of hashing.
/// </summary>
internal static class FolderSync
{
    // O_RDONLY with O_CLOEXEC: a daemon that is started meanwhile does not inherit it.
    private const int ReadOnly = 0x80000;

    /// <summary>Syncs a folder where that exists; elsewhere the file system sees to it.</summary>
    /// <exception cref="IOException">The system says no; <see cref="Exception.HResult"/> is its errno.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            throw Failure(folder);
        try
        {
            // EINVAL: a file system that cannot sync folders, and need not.
            const int Invalid = 22;
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != Invalid)
                throw Failure(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {folder}", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
