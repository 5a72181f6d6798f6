using System.Globalization;

namespace Stratum.Daemon;

/// <summary>Finds a daemon that runs already on our data folder: one that outlived an earlier process of ours, or one
/// that somebody else started.</summary>
internal static class Adoption
{
    // Bitcoin Core and its kin hold it open for as long as they use the folder.
    private const string LockFile = ".lock";

    /// <summary>Null when none runs.</summary>
    /// <exception cref="DaemonStartException">The one that we once started runs on another data folder.</exception>
    public static ProcessStat? Find(SpawnedDaemonOptions options, SpawnFiles files)
    {
        if (ProcessStat.Recorded(files.Record) is { } ours)
        {
            IReadOnlyList<string> arguments = ProcessTable.Arguments(ours.Pid);
            if (arguments.Contains($"-datadir={options.DataFolder}"))
            {
                return ours;
            }

            if (arguments.Count > 0)
            {
                throw new DaemonStartException(
                    DaemonStartFailure.StateFolderUnusable,
                    $"{options.Name}: {ProcessTable.Describe(ours.Pid)} was started from the state folder"
                        + $" {options.StateFolder} and still runs, on the data folder {SpawnArguments.Find(arguments, "datadir")}:"
                        + " end it, or give another StateFolder.");
            }
        }

        return ProcessTable.OpenerOf(Path.Combine(options.NetworkFolder, LockFile)) is { } pid
            && ProcessStat.Of(pid) is { HasEnded: false } other ? other : null;
    }

    /// <summary>The RPC port of one that runs: as its command line says, as the user's configuration file says, as the
    /// options say, or the network's.</summary>
    /// <exception cref="DaemonStartException">Nothing says.</exception>
    public static int PortOf(SpawnedDaemonOptions options, ProcessStat running)
    {
        IReadOnlyList<string> arguments = ProcessTable.Arguments(running.Pid);
        string? file = SpawnArguments.Find(arguments, "conf") is { } given
            ? Path.Combine(options.DataFolder, given) : options.OwnConfigFile;
        return Port(SpawnArguments.Find(arguments, "rpcport"))
            ?? (file is null ? null : Port(ConfigFile.Find(file, options.Network, "rpcport")))
            ?? (options.Port > 0 ? options.Port : options.Network.RpcPort)
            ?? throw Refused(options, running.Pid, "its RPC port is not known");
    }

    /// <summary>The port for other nodes of one that runs, as far as its command line says; null when it says nothing.
    /// </summary>
    public static int? PeerPortOf(ProcessStat running) =>
        Port(SpawnArguments.Find(ProcessTable.Arguments(running.Pid), "port"));

    /// <summary>Holds when a daemon that answered as ours is the process that we took it for.</summary>
    /// <exception cref="DaemonStartException">Another process listens on the port.</exception>
    public static void NeedListener(SpawnedDaemonOptions options, DaemonProcess process, int port)
    {
        // Unknown (of another user) is no reason to refuse what answered as ours. One around or below it is the same.
        if (ProcessTable.ListenerOn(port) is { } listener && listener != process.Pid
            && ProcessStat.Of(listener) is { } found && found.Session != ProcessStat.Of(process.Pid)?.Session)
        {
            throw new DaemonStartException(
                DaemonStartFailure.PortTaken,
                $"{options.Name}: {ProcessTable.Describe(process.Pid)} runs on {options.DataFolder}, but it is"
                    + $" {ProcessTable.Describe(listener)} that listens on port {port}: give the port of the former.");
        }
    }

    /// <summary>Why a daemon that runs already is not taken over.</summary>
    public static DaemonStartException Refused(
        SpawnedDaemonOptions options, int pid, string why, Exception? inner = null) =>
        new(
            DaemonStartFailure.DataFolderInUse,
            $"{options.Name}: the data folder {options.DataFolder} is in use by {ProcessTable.Describe(pid)}, which is not"
                + $" taken over: {why.TrimEnd('.')}. End it (kill {pid}), give the port and the credentials that it was"
                + " started with, or give another DataDir.",
            inner);

    private static int? Port(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue ? port : null;
}
