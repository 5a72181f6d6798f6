using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Server;
using Stratum.Simulation;

namespace Stratum.Cli;

/// <summary><c>pool</c>: a solo pool on a coin daemon or on a simulated chain.</summary>
internal static class PoolVerb
{
    private static readonly Option<bool> s_simulate = new("--simulate")
    {
        Description = "Mine on a simulated chain of this process; needs nothing else.",
    };

    private static readonly DaemonArguments s_daemons = new();
    private static readonly SpawnArguments s_spawn = new();
    private static readonly RpcArguments s_rpc = new(s_daemons.PasswordFile);

    private static readonly Option<string> s_coin = new("--coin")
    {
        Description = "bitcoin or litecoin.", HelpName = "COIN", DefaultValueFactory = _ => "bitcoin",
    };

    private static readonly Option<string?> s_network = new("--network")
    {
        Description = "mainnet, testnet, signet or regtest; mainnet unless --simulate.", HelpName = "NETWORK",
    };

    private static readonly Option<string?> s_address = new("--address")
    {
        Description = "Who is paid for blocks; --simulate makes one when there is none.", HelpName = "ADDRESS",
    };

    private static readonly Option<IPEndPoint[]> s_listen = CommonOptions.Listen();

    private static readonly Option<int> s_port = new("--port")
    {
        Description = "The same as --listen 127.0.0.1:PORT; 0 picks a free port.", HelpName = "PORT", DefaultValueFactory = _ => 3333,
    };

    private static readonly Option<SessionTransport> s_transport = CommonOptions.Transport();

    private static readonly Option<Difficulty?> s_difficulty = CommonOptions.Difficulty(
        "Difficulty of every miner that does not ask for another (d=D in its password); default: variable.");

    private static readonly Option<string> s_tag = new("--tag")
    {
        Description = "Text in the coinbase.", HelpName = "TEXT", DefaultValueFactory = _ => "/Stratum.NET/",
    };

    private static readonly Option<string?> s_certificate = new("--tls-cert")
    {
        Description = "Certificate (PEM with key, or PFX): TLS on the same ports.", HelpName = "FILE",
    };

    private static readonly Option<string?> s_key = new("--tls-key")
    {
        Description = "Private key in PEM when it is not in --tls-cert.", HelpName = "FILE",
    };

    private static readonly Option<string?> s_certificatePassword = new("--tls-password-file")
    {
        Description = "File whose first line is the password of the PFX or key.", HelpName = "FILE",
    };

    private static readonly Option<TimeSpan?> s_blockTime = CommonOptions.Duration("--block-time", "With --simulate: mean time between blocks");

    private static readonly Option<TimeSpan?> s_jobInterval = CommonOptions.Duration(
        "--job-interval", "Time between two jobs of one height; default 30s, with --simulate 5s");

    private static readonly Option<TimeSpan?> s_maxWorkAge = CommonOptions.Duration(
        "--max-work-age", "How long to mine on without new work before miners are sent away; default 5m");

    private static readonly Option<string[]> s_output = new("--output")
    {
        Description = "Somebody else to pay of each block: ADDRESS=1.25 (coins) or ADDRESS=2.5% (of the reward); may be repeated.",
        HelpName = "ADDRESS=SHARE",
    };

    private static readonly Option<string?> s_journal = new("--journal")
    {
        Description = "File that found blocks are written to; default COIN-NETWORK.journal in the state folder, with --simulate none.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("pool", "Run a solo pool.")
        {
            s_simulate, s_coin, s_network, s_address, s_output, s_tag, s_listen, s_port, s_transport, s_difficulty, s_certificate,
            s_key, s_certificatePassword, s_journal, s_maxWorkAge, s_jobInterval, s_blockTime, s_json,
        };
        s_daemons.AddTo(command);
        s_spawn.AddTo(command);
        s_rpc.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (coin, network) = FindCoin(arguments);
        var difficulty = CheckDifficulty(arguments.GetValue(s_difficulty), coin);
        var address = FindAddress(arguments, coin, network);
        var server = ServerOptions(arguments, coin, difficulty);

        var outputs = FindOutputs(arguments, coin, network);
        var simulate = arguments.GetValue(s_simulate);
        if (arguments.GetValue(s_journal) is "")
            throw new UsageException("--journal: name a file.");
        if (!simulate && arguments.GetValue(s_blockTime) is not null)
            throw new UsageException("--block-time goes with --simulate: a real chain has its own pace.");
        var journal = arguments.GetValue(s_journal)
            ?? (simulate ? null : StateFolder.Path($"{coin.Name}-{network.Name}.journal", $"{s_journal.Name} FILE"));
        var rpc = s_rpc.Read(arguments, s_spawn.IsGiven(arguments), !s_daemons.HavePassword(arguments));
        var daemons = s_daemons.AreGiven(arguments) ? s_daemons.Read(arguments, coin, network) : [];

        await using var simulated = simulate ? await SimulateAsync(arguments, coin, network, server, stop) : null;
        // Ends last: it tells how the pool ended.
        using IPoolReporter reporter = arguments.GetValue(s_json) ? new JsonReporter(Console.Out) : new TextReporter(Console.Out);
        using var warnings = new WarningLog(reporter.Say);
        var spawned = s_spawn.Read(arguments, coin, network, warnings);
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = rpc, StateFolder = spawned?.State, LoggerFactory = warnings });
        spawned?.AddTo(node, address, reporter.Say);
        // One that others tell of blocks (blocknotify) knows all its daemons by the coin's name; a spawned one has its own.
        var news = spawned is null ? node.BlocksOf(coin.Name) : null;
        await using var pool = Create(new MiningPoolOptions
        {
            Coin = coin,
            Network = network,
            PayTo = address,
            Outputs = outputs,
            Daemons =
            [
                .. from daemon in new[] { spawned?.Main.ToCoinDaemonOptions(coin, network), simulated?.DaemonOptions }.Concat(daemons)
                where daemon is not null
                select Complete(arguments, daemon, news),
            ],
            Server = server,
            Tag = arguments.GetRequiredValue(s_tag),
            JournalFile = journal,
            MaxWorkAge = arguments.GetValue(s_maxWorkAge) ?? TimeSpan.FromMinutes(5),
        });
        node.Add(new NodePart("The pool", pool.StartAsync, () => pool.DisposeAsync().AsTask()));
        node.Rpc?.Attach(pool.Server);
        reporter.Follow(node);
        reporter.Follow(pool);
        if (journal is not null)
            reporter.Journal(journal);
        await node.StartAsync(stop);
        foreach (var endPoint in pool.Server.EndPoints)
            reporter.Listening(endPoint, pool.Server.Driver, node.Rpc?.EndPoint);
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        return Runner.Done;
    }

    private static Task<SimulatedNode> SimulateAsync(
        ParseResult arguments, Coin coin, CoinNetwork network, StratumServerOptions server, CancellationToken stop) =>
        SimulatedNode.StartAsync(new SimulatedChainOptions
        {
            Coin = coin,
            Network = network,
            BlockTime = arguments.GetValue(s_blockTime) ?? TimeSpan.FromSeconds(1),
            JobInterval = arguments.GetValue(s_jobInterval) ?? TimeSpan.FromSeconds(5),
            // Always harder than a share, or every share would be a block.
            MinimumDifficulty = new Difficulty(server.Difficulty.Value * 2),
        }, stop);

    private static MiningPool Create(MiningPoolOptions options)
    {
        try
        {
            return new MiningPool(options);
        }
        catch (ArgumentException error)
        {
            // --tag, --output: the texts name what does not fit.
            throw new UsageException(error.Message);
        }
    }

    private static (Coin Coin, CoinNetwork Network) FindCoin(ParseResult arguments)
    {
        var simulate = arguments.GetValue(s_simulate);
        var isReal = s_daemons.AreGiven(arguments) || s_spawn.IsGiven(arguments);
        if (simulate == isReal)
            throw new UsageException(simulate
                ? "--simulate excludes --daemon and --spawn."
                : "Say where blocks come from: --simulate, or --daemon URL or --spawn PATH with --address.");
        var name = arguments.GetRequiredValue(s_coin);
        var mined = string.Join(", ", Coin.Known.Select(known => known.Name));
        if (!Coin.TryFind(name, out var coin))
            throw new UsageException(DaemonDefinition.TryFind(name, out var other)
                ? $"--coin: {other.Name} is not mined here: its blocks are built and signed in another way (proof of stake, or another "
                    + $"proof of work). Its daemon can be run by the library (DaemonDefinition); a pool mines {mined}."
                : $"--coin: '{name}' is not known; there are {mined}.");
        try
        {
            var network = coin.GetNetwork(arguments.GetValue(s_network) ?? (simulate ? "regtest" : "mainnet"));
            return (coin, network);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--network: {error.Message}");
        }
    }

    private static Difficulty? CheckDifficulty(Difficulty? difficulty, Coin coin)
    {
        var floor = Difficulty.Floor(coin.DifficultyScale);
        if (difficulty is { } value && value < floor)
            throw new UsageException(
                $"--difficulty: {value} is below {floor}, where every {coin.Algorithm} hash is a share already; {floor} is the floor.");
        return difficulty;
    }

    private static Address FindAddress(ParseResult arguments, Coin coin, CoinNetwork network)
    {
        if (arguments.GetValue(s_address) is not { } text)
            return arguments.GetValue(s_simulate)
                ? Address.FromPublicKeyHash(RandomNumberGenerator.GetBytes(20), network)
                : throw new UsageException("--address is needed: who is paid for blocks.");
        return Address.TryParse(text, coin, network, out var address, out var error)
            ? address
            : throw new UsageException($"--address: {error}");
    }

    private static List<RewardOutput> FindOutputs(ParseResult arguments, Coin coin, CoinNetwork network)
    {
        var outputs = new List<RewardOutput>();
        foreach (var text in arguments.GetValue(s_output) ?? [])
            outputs.Add(RewardOutput.TryParse(text, coin, network, out var output, out var error)
                ? output : throw new UsageException($"--output: {error}"));
        return outputs;
    }

    private static CoinDaemonOptions Complete(ParseResult arguments, CoinDaemonOptions daemon, IBlockSource? news) => daemon with
    {
        JobInterval = arguments.GetValue(s_jobInterval) ?? daemon.JobInterval,
        BlockSources = news is null ? daemon.BlockSources : [.. daemon.BlockSources, news],
    };

    private static StratumServerOptions ServerOptions(ParseResult arguments, Coin coin, Difficulty? difficulty)
    {
        var options = new StratumServerOptions
        {
            Port = arguments.GetValue(s_port),
            Transport = arguments.GetValue(s_transport),
            // What listens here puts a line into a queue.
            Handlers = HandlerScheduling.Inline,
            CertificateFile = arguments.GetValue(s_certificate),
            CertificateKeyFile = arguments.GetValue(s_key),
            CertificatePasswordFile = arguments.GetValue(s_certificatePassword),
            // What a CPU finds within seconds; an ASIC is raised within its first seconds.
            Difficulty = difficulty ?? new Difficulty(coin.Algorithm == "scrypt" ? 0.005 : 0.001),
            DifficultyPolicy = difficulty is null ? new VariableDifficulty(TimeSpan.FromSeconds(10)) : null,
        };
        foreach (var endPoint in arguments.GetValue(s_listen) ?? [])
            options.Listen.Add(endPoint);
        if (options.Listen.Count > 0 && arguments.GetResult(s_port) is { Implicit: false })
            throw new UsageException("--listen and --port exclude each other.");
        var errors = options.Validate();
        return errors.Count == 0 ? options : throw new UsageException(string.Join(Environment.NewLine, errors));
    }
}
