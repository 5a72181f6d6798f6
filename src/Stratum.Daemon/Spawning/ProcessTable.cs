using System.Globalization;
using System.Text;

namespace Stratum.Daemon;

/// <summary>What /proc tells of processes; of those of other users only that they are there.</summary>
internal static class ProcessTable
{
    private const string Listening = "0A";

    /// <summary>A process's arguments; empty when it has ended or is somebody else's business.</summary>
    public static IReadOnlyList<string> Arguments(int pid)
    {
        try
        {
            string all = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline"));
            return all.Length == 0 ? [] : all.TrimEnd('\0').Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What people know a process by: <c>litecoind (pid 17)</c>.</summary>
    public static string Describe(int? pid)
    {
        if (pid is not { } number)
        {
            return "a program of another user, or one that is gone already";
        }

        string name = PrivateFile.ReadLine($"/proc/{number}/comm") ?? "a program";
        return $"{name} (pid {number})";
    }

    /// <summary>A process, other than we, that has a file open; null when none is seen.</summary>
    public static int? OpenerOf(string file)
    {
        try
        {
            // As the kernel calls it, whatever links lead to it.
            using FileStream ours = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            string? name = new FileInfo($"/proc/self/fd/{ours.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
            return name is null ? null : Holder(name, Environment.ProcessId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A process that listens on a TCP port, on any address; null when none is seen.</summary>
    public static int? ListenerOn(int port)
    {
        string suffix = $":{port:X4}";
        foreach (string table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            foreach (string line in Lines(table))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening
                    && Holder($"socket:[{fields[9]}]", except: 0) is { } pid)
                {
                    return pid;
                }
            }
        }

        return null;
    }

    private static int? Holder(string link, int except)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != except && Links(pid).Contains(link))
            {
                return pid;
            }
        }

        return null;
    }

    private static IEnumerable<string?> Links(int pid)
    {
        FileSystemInfo[] files;
        try
        {
            files = new DirectoryInfo($"/proc/{pid}/fd").GetFileSystemInfos();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (FileSystemInfo file in files)
        {
            string? target;
            try
            {
                target = file.LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return target;
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
