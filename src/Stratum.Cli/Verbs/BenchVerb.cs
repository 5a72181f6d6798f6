using System.CommandLine;
using Stratum.Client;
using Stratum.Simulation;

namespace Stratum.Cli;

/// <summary><c>bench URL</c>: load on a Stratum server of this machine, and what it does under it.</summary>
internal static class BenchVerb
{
    private static readonly Argument<string> s_url = new("URL") { Description = "stratum+tcp://host:port or stratum+ssl://host:port" };

    private static readonly Option<string> s_mode = new("--mode")
    {
        Description = "submit: shares that can be read; solve: real ones; broadcast: time jobs; connect: log in and leave, again and again; idle.",
        HelpName = "MODE",
        DefaultValueFactory = _ => "submit",
    };

    private static readonly Option<int> s_connections = new("--connections")
    {
        Description = "Sessions at once.", HelpName = "N", DefaultValueFactory = _ => 50,
    };

    private static readonly Option<int?> s_window = new("--window")
    {
        Description = "Closed loop: shares that each session keeps unanswered; 1.", HelpName = "W",
    };

    private static readonly Option<double?> s_rate = new("--rate")
    {
        Description = "Open loop: shares a second of all sessions; latency counts from when a share was due.", HelpName = "R",
    };

    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Duration("--duration", "Measure for so long, at most 1h; 10s");

    private static readonly Option<TimeSpan?> s_warmUp = CommonOptions.Duration("--warmup", "Do the same for so long before; 1s");

    private static readonly Option<string> s_user = new("--user")
    {
        Description = "The worker of all sessions.", HelpName = "USER", DefaultValueFactory = _ => "bench.1",
    };

    private static readonly Option<string> s_password = new("--password")
    {
        Description = "Its password.", HelpName = "PASSWORD", DefaultValueFactory = _ => "x",
    };

    private static readonly Option<string> s_algorithm = new("--algorithm")
    {
        Description = "What solve solves: sha256d or scrypt.", HelpName = "ALGORITHM", DefaultValueFactory = _ => "sha256d",
    };

    private static readonly Option<int?> s_serverPid = new("--server-pid")
    {
        Description = "The server's process: tells its processor time and memory.", HelpName = "PID",
    };

    private static readonly Option<bool> s_ownServer = new("--i-own-this-server")
    {
        Description = "Put load on a server that is not on this machine.",
    };

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        s_mode.AcceptOnlyFromAmong("submit", "solve", "broadcast", "connect", "idle");
        s_algorithm.AcceptOnlyFromAmong("sha256d", "scrypt");
        var command = new Command("bench", "Put load on a Stratum server and measure it.")
        {
            s_url, s_mode, s_connections, s_window, s_rate, s_duration, s_warmUp, s_user, s_password, s_algorithm, s_serverPid, s_ownServer, s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var options = Options(arguments);
        var errors = options.Validate();
        if (errors.Count > 0)
            throw new UsageException(string.Join(Environment.NewLine, errors));
        LoadReport report;
        try
        {
            report = await new LoadRun(options).RunAsync(stop);
        }
        catch (LoadRefusedException error)
        {
            throw new UsageException(error.Message);
        }
        await Console.Out.WriteLineAsync(arguments.GetValue(s_json) ? BenchPrinter.Json(report) : BenchPrinter.Text(report));
        foreach (var problem in report.Problems)
            await Console.Error.WriteLineAsync(Printable.Of(problem.ReplaceLineEndings(" ")));
        return report.IsSuccess ? Runner.Done : Runner.Failed;
    }

    private static LoadOptions Options(ParseResult arguments)
    {
        if (!StratumUrl.TryParse(arguments.GetRequiredValue(s_url), out var url, out var error))
            throw new UsageException(error);
        var defaults = new LoadOptions { Url = url, Mode = Enum.Parse<LoadMode>(arguments.GetRequiredValue(s_mode), ignoreCase: true) };
        return defaults with
        {
            Connections = arguments.GetValue(s_connections),
            Window = arguments.GetValue(s_window),
            Rate = arguments.GetValue(s_rate),
            Duration = arguments.GetValue(s_duration) ?? defaults.Duration,
            WarmUp = arguments.GetValue(s_warmUp) ?? defaults.WarmUp,
            User = arguments.GetRequiredValue(s_user),
            Password = arguments.GetRequiredValue(s_password),
            Algorithm = arguments.GetRequiredValue(s_algorithm),
            ServerPid = arguments.GetValue(s_serverPid),
            OwnsServer = arguments.GetValue(s_ownServer),
        };
    }
}
