using System.CommandLine;
using Microsoft.Extensions.Logging;
using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>The options of the daemon that the command itself runs.</summary>
internal sealed class SpawnArguments
{
    private readonly Option<string?> _program = new("--spawn")
    {
        Description = "A coin daemon's program to run, watch and stop: /usr/bin/litecoind.", HelpName = "PATH",
    };

    private readonly Option<string?> _dataFolder = new("--spawn-datadir")
    {
        Description = "Its data folder; default one of its own in the state folder. Give that of your node to use its chain.", HelpName = "DIR",
    };

    private readonly Option<string[]> _arguments = new("--spawn-arg")
    {
        Description = "A further argument of it, --spawn-arg=-dbcache=2000; may be repeated.", HelpName = "ARG",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_program);
        command.Options.Add(_dataFolder);
        command.Options.Add(_arguments);
    }

    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_program) is not null;

    /// <summary>The daemon to run, and with it what its network needs; null without <c>--spawn</c>.</summary>
    /// <exception cref="UsageException">The options are wrong.</exception>
    /// <exception cref="DaemonStartException">The state folder cannot be used.</exception>
    public SpawnedNode? Read(ParseResult arguments, Coin coin, CoinNetwork network, ILoggerFactory log)
    {
        if (arguments.GetValue(_program) is not { } program)
            return arguments.GetValue(_dataFolder) is null && arguments.GetValue(_arguments) is null or []
                ? null
                : throw new UsageException("--spawn-datadir and --spawn-arg go with --spawn PATH.");
        var state = DaemonStateFolder.Open(StateFolder.Path($"{coin.Name}-{network.Name}", "XDG_STATE_HOME"));
        var definition = DaemonDefinition.Find(coin.Name);
        var options = SpawnedDaemonOptions.For(definition, state.ForDaemon("daemon"), definition.FindNetwork(network.Name), program) with
        {
            DataDir = arguments.GetValue(_dataFolder),
            Args = arguments.GetValue(_arguments) ?? [],
            LoggerFactory = log,
        };
        var errors = options.FindErrors();
        if (errors.Count > 0)
            throw new UsageException($"--spawn: {string.Join(" ", errors)}");
        return new SpawnedNode(state, options, network.Name == "regtest");
    }
}
