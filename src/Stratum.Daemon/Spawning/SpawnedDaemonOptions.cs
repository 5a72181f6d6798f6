using Microsoft.Extensions.Logging;

namespace Stratum.Daemon;

/// <summary>
/// A coin daemon to run: which program, with which credentials, where it keeps its data, and how patient we are with it.
/// Everything goes through its command line but secrets; a daemon of a coin that is not mined here will do.
/// </summary>
public sealed record SpawnedDaemonOptions
{
    /// <summary>What it is called in output, and what its notify command calls itself (<c>--source</c>).</summary>
    /// <value>No default.</value>
    public required string Name { get; init; }

    /// <summary>Its program: with a slash a file, otherwise a name that is looked up in PATH.</summary>
    /// <value>No default. Debian's wrapper script <c>/usr/bin/litecoind</c> will do: what it writes to the home folder
    /// goes into the state folder.</value>
    public required string Path { get; init; }

    /// <summary>A folder for this daemon alone that only this user may read (0700): its process, its ports and its
    /// secrets, so that one that outlives us is found again.</summary>
    /// <value>No default: <see cref="DaemonStateFolder.ForDaemon"/>.</value>
    public required string StateFolder { get; init; }

    /// <summary>User name of its RPC server.</summary>
    /// <value>None: the daemon's cookie.</value>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>. It goes into a file of the state folder (0600) that lives as long as the
    /// daemon, never into its command line or environment.</summary>
    /// <value>None: the daemon's cookie.</value>
    public string? Password { get; init; }

    /// <summary>Makes up a user (16 random bytes) and a password (32) at each start, for daemons that write no cookie.
    /// </summary>
    /// <value>False: a cookie is as good, and the daemon's own tools find it.</value>
    public bool GenerateCredentials { get; init; }

    /// <summary>The address that its RPC server listens on, and that we call. No name.</summary>
    /// <value>127.0.0.1: who reaches the RPC port and learns the password owns the wallet.</value>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its RPC port; 0 picks a free one and keeps it in the state folder, for the next start.</summary>
    /// <value>0. <see cref="For"/> gives the coin's own on its main network.</value>
    public int Port { get; init; }

    /// <summary>Its port for other nodes; 0 picks a free one and keeps it: <see cref="SpawnedDaemon.PeerPort"/>.</summary>
    /// <value>None: what the daemon takes by itself, which only one on this machine can have.</value>
    public int? PeerPort { get; init; }

    /// <summary>Its data folder; made when it is not there.</summary>
    /// <value>None: <c>data</c> in the state folder, a chain of its own. Give the folder of your node to use its chain:
    /// a daemon that runs on it already is then taken over, and stopped with us.</value>
    public string? DataDir { get; init; }

    /// <summary>The configuration file in the data folder that counts also where we have to give one of ours.</summary>
    /// <value>None. <see cref="For"/> gives the coin's, <c>litecoin.conf</c>.</value>
    public string? ConfigFile { get; init; }

    /// <summary>Which of the coin's networks.</summary>
    /// <value>The main one.</value>
    public DaemonNetwork Network { get; init; } = DaemonNetwork.Mainnet;

    /// <summary>Further arguments: <c>-listen=0</c>, <c>listen=0</c> and <c>debug</c> are all understood. One that is
    /// also ours replaces ours. What this record has a property for (port, data folder, credentials, network) is refused
    /// here, since we must know it.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Whether those who start several daemons start this one.</summary>
    /// <value>True.</value>
    public bool Enable { get; init; } = true;

    /// <summary>What the daemon runs <see cref="NotifyCommand"/> for.</summary>
    /// <value>Blocks, wallet and alerts.</value>
    public IReadOnlyList<NotifyKind> Notify { get; init; } = [NotifyKind.Block, NotifyKind.Wallet, NotifyKind.Alert];

    /// <summary>What it runs; see <see cref="SpawnedDaemon.NotifyCommand"/>.</summary>
    /// <value>None: nothing is run, and the long poll brings the blocks.</value>
    public NotifyCommand? NotifyCommand { get; init; }

    /// <summary>How long its RPC may keep silent while it starts. That it is busy starting (-28) is an answer, and
    /// loading a large chain may take as long as it takes.</summary>
    /// <value>60 s: Bitcoin Core opens its RPC port before it loads anything large.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take to end after its RPC <c>stop</c>; then SIGTERM.</summary>
    /// <value>2 min: it writes its cache to a slow disk.</value>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it may take to end after SIGTERM; then SIGKILL.</summary>
    /// <value>30 s: what did not listen for two minutes hangs.</value>
    public TimeSpan TerminateTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long any call may take, the RPC <c>stop</c> included.</summary>
    /// <value>30 s, after which daemons drop a silent connection (-rpcservertimeout).</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a starting daemon is asked, and an adopted one looked at.</summary>
    /// <value>100 ms: a private node is ready within a second, and a look costs next to nothing.</value>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause before a daemon that ended by itself is started again; it doubles up to
    /// <see cref="MaxRestartDelay"/>.</summary>
    /// <value>1 s.</value>
    public TimeSpan MinRestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between two starts.</summary>
    /// <value>1 min: what fails for an hour is looked at by somebody, who then does not want to wait long.</value>
    public TimeSpan MaxRestartDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A daemon that was ready for so long starts again after the shortest pause.</summary>
    /// <value>5 min: more than a daemon needs to meet again what ended it.</value>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock of every timeout and pause.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Life cycle at Information and Warning, arguments and calls at Debug; never a secret.</summary>
    /// <value>None.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Options with what the definition knows: program, port, configuration file, and whether there is a
    /// cookie.</summary>
    /// <param name="definition">The coin's.</param>
    /// <param name="stateFolder">See <see cref="StateFolder"/>.</param>
    /// <param name="network">One of the definition's; null: its first. On others than that the port is 0.</param>
    /// <param name="path">The program; null looks the definition's up in PATH.</param>
    public static SpawnedDaemonOptions For(
        DaemonDefinition definition, string stateFolder, DaemonNetwork? network = null, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        DaemonNetwork first = definition.Networks[0];
        return new SpawnedDaemonOptions
        {
            Name = definition.Name,
            Path = path ?? definition.Program,
            StateFolder = stateFolder,
            Network = definition.Complete(network ?? first),
            Port = network is null || network == first ? definition.RpcPort : 0,
            ConfigFile = definition.ConfigFile,
            GenerateCredentials = !definition.WritesCookie,
        };
    }

    /// <summary>All that is wrong with them, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() => OptionErrors.Find(this);

    /// <summary>Name, program and folder, without secrets.</summary>
    public override string ToString() => $"{Name} {Network.Name}: {Path} on {DataFolder}";

    internal string DataFolder => System.IO.Path.GetFullPath(DataDir ?? System.IO.Path.Combine(StateFolder, "data"));

    /// <summary>Whether it is told its credentials by a configuration file of ours.</summary>
    internal bool NeedsConfig => GenerateCredentials || Password is not null;

    /// <summary>The user's configuration file; null when none was named. It need not be there.</summary>
    internal string? OwnConfigFile =>
        (SpawnArguments.Find(Args.Select(argument => $"-{argument?.TrimStart('-')}"), "conf") ?? ConfigFile) is { } file
            ? System.IO.Path.Combine(DataFolder, file) : null;

    /// <summary>What the daemon itself keeps of its network: cookie, lock.</summary>
    internal string NetworkFolder => System.IO.Path.Combine(DataFolder, Network.Folder);
}
