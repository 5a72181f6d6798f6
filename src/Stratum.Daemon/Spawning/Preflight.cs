using System.Net.Sockets;

namespace Stratum.Daemon;

/// <summary>What can be known to go wrong before a daemon is started.</summary>
internal static class Preflight
{
    /// <summary>The program's file.</summary>
    /// <exception cref="DaemonStartException">There is none, or none that may be executed.</exception>
    public static string FindProgram(SpawnedDaemonOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new DaemonStartException(
                DaemonStartFailure.NotSupported,
                $"{options.Name}: daemons are spawned on Linux only. Start it yourself and give its URL.");
        }

        if (Launcher.Which("setsid") is null)
        {
            throw new DaemonStartException(
                DaemonStartFailure.NotSupported,
                $"{options.Name}: there is no setsid in PATH, which keeps Ctrl-C from daemons: install util-linux.");
        }

        bool isFile = options.Path.Contains('/');
        string? program = isFile ? Path.GetFullPath(options.Path) : Launcher.Which(options.Path);
        if (Directory.Exists(program))
        {
            throw new DaemonStartException(
                DaemonStartFailure.PathIsFolder, $"{options.Name}: {program} is a folder: give the path of the program in it.");
        }

        if (program is null || !File.Exists(program))
        {
            throw new DaemonStartException(
                DaemonStartFailure.PathMissing,
                isFile
                    ? $"{options.Name}: there is no {program}: install the daemon, or correct its path."
                    : $"{options.Name}: there is no {options.Path} in PATH: install the daemon, or give its path.");
        }

        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(program) & Execute) != 0
            ? program
            : throw new DaemonStartException(
                DaemonStartFailure.NotExecutable,
                $"{options.Name}: {program} may not be executed: is it the daemon's program? If so, chmod +x it.");
    }

    /// <summary>Makes the data folder where there is none.</summary>
    /// <exception cref="DaemonStartException">It cannot be made.</exception>
    public static void MakeDataFolder(SpawnedDaemonOptions options)
    {
        try
        {
            PrivateFile.MakeFolder(options.DataFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DaemonStartException(
                DaemonStartFailure.DataFolderNotCreatable,
                $"{options.Name}: its data folder {options.DataFolder} cannot be made ({e.Message}): give another DataDir.",
                e);
        }
    }

    /// <summary>Holds when nobody listens on a port that the daemon wants.</summary>
    /// <exception cref="DaemonStartException">Somebody does, or nobody may.</exception>
    public static void NeedPort(SpawnedDaemonOptions options, int port, string property)
    {
        switch (FreePorts.Problem(options.Host, port))
        {
            case null:
                return;
            case SocketError.AddressAlreadyInUse:
                throw new DaemonStartException(
                    DaemonStartFailure.PortTaken,
                    $"{options.Name}: port {port} is taken by {ProcessTable.Describe(ProcessTable.ListenerOn(port))}, which"
                        + $" is not a daemon of ours on {options.DataFolder}: end that, or give another {property} (0 picks one).");
            case { } problem:
                throw new DaemonStartException(
                    DaemonStartFailure.PortTaken,
                    $"{options.Name}: nobody may listen on {options.Host}:{port} ({problem}): give another {property} or Host.");
        }
    }
}
