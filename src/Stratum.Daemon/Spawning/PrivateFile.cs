namespace Stratum.Daemon;

/// <summary>Files and folders that nobody but this user may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // What this reads is a line or two.
    private const int MaxBytes = 4096;

    /// <summary>Makes a folder that is not there yet.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, FolderMode);
        }
    }

    /// <summary>Makes a folder, or closes one that is there to others.</summary>
    public static void MakePrivateFolder(string path)
    {
        MakeFolder(path);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != FolderMode)
        {
            File.SetUnixFileMode(path, FolderMode);
        }
    }

    /// <summary>Writes a file whole or not at all; it is never readable for others, not for a moment.</summary>
    public static void Write(string path, string text)
    {
        string draft = path + ".new";
        // One of an earlier process that was killed could have other permissions.
        File.Delete(draft);
        using (var writer = new StreamWriter(Open(draft, FileMode.CreateNew)))
        {
            writer.Write(text);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Makes a file empty.</summary>
    public static void Empty(string path)
    {
        File.Delete(path);
        Open(path, FileMode.CreateNew).Dispose();
    }

    /// <summary>Holds a file that another process cannot hold meanwhile.</summary>
    /// <exception cref="IOException">Another one does.</exception>
    public static FileStream Hold(string path) => Open(path, FileMode.OpenOrCreate);

    /// <summary>The first line; null where there is none.</summary>
    public static string? ReadLine(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[MaxBytes];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string line = System.Text.Encoding.UTF8.GetString(bytes, 0, length).Split('\n')[0].Trim();
            return line.Length == 0 ? null : line;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }
}
