using Microsoft.Extensions.Logging;
using Stratum.Daemon;
using Stratum.Server;

namespace Stratum;

/// <summary>What a <see cref="StratumNode"/> is made of.</summary>
public sealed class StratumNodeOptions
{
    /// <summary>The Stratum server.</summary>
    /// <value>Default null: none, as where a part (a pool) brings its own.</value>
    public StratumServerOptions? Server { get; set; }

    /// <summary>The JSON-RPC server. Where daemons are to call it (<see cref="StateFolder"/>) it gets one more password,
    /// a secret of its own: then every caller needs one.</summary>
    /// <value>Default null: none.</value>
    public RpcServerOptions? Rpc { get; set; }

    /// <summary>Where the RPC server's port and the daemons' secret for it are kept, so that a daemon that outlives this
    /// process reaches the next.</summary>
    /// <value>Default null: daemons are not told to call back.</value>
    public DaemonStateFolder? StateFolder { get; set; }

    /// <summary>The program that daemons run for blocks, wallet and alerts, an absolute path. With it, an RPC server and
    /// a <see cref="StateFolder"/> each daemon is told to call back; one that has a command of its own keeps it.</summary>
    /// <value>Default <c>Stratum.BlockNotify</c> beside this program, or <c>blocknotify</c> in PATH (the tool), else null:
    /// long polls bring the blocks.</value>
    public string? NotifyProgram { get; set; } = FindNotifyProgram();

    /// <summary>Where logs go: of the node, and of the servers that have none of their own.</summary>
    /// <value>Default null: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Everything that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>(Server?.Validate() ?? []);
        errors.AddRange(Rpc?.Validate() ?? []);
        if (this is { Rpc.Mode: RpcMode.Http, StateFolder: not null, NotifyProgram: not null })
            errors.Add("Rpc.Mode is Http, and the daemons' notify command calls over TCP: set it to Both, or StateFolder to null.");
        if (NotifyProgram is { } program && !Path.IsPathRooted(program))
            errors.Add($"NotifyProgram is {program}: give its absolute path, for daemons run elsewhere.");
        return errors;
    }

    private static string? FindNotifyProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted)
        .Select(folder => Path.Combine(folder, "blocknotify"))
        .Prepend(Path.Combine(AppContext.BaseDirectory, "Stratum.BlockNotify"))
        .FirstOrDefault(File.Exists);
}
