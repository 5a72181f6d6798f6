using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stratum.Client;
using Stratum.Simulation;

namespace Stratum.Cli;

/// <summary><c>mine URL --user U</c>: a CPU miner and protocol client.</summary>
internal static class MineVerb
{
    private static readonly Argument<string?> s_url = new("URL")
    {
        Description = "stratum+tcp://host:port or stratum+ssl://host:port", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> s_user = new("--user")
    {
        Description = "The worker: account.worker, or an address at a solo pool.", HelpName = "USER",
    };

    private static readonly Option<string> s_password = new("--password")
    {
        Description = "The password; pools read settings from it: d=0.5.", HelpName = "PASSWORD", DefaultValueFactory = _ => "x",
    };

    private static readonly Option<string> s_algorithm = new("--algorithm")
    {
        Description = "sha256d or scrypt.", HelpName = "ALGORITHM", DefaultValueFactory = _ => "sha256d",
    };

    private static readonly Option<int> s_threads = new("--threads")
    {
        Description = "Threads that hash.", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<long?> s_shares = new("--shares") { Description = "End after so many accepted shares.", HelpName = "N" };

    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Duration("--duration", "End after this time");

    private static readonly Option<TimeSpan?> s_retryFor = CommonOptions.Duration(
        "--retry-for", "How long a lost pool is tried again before giving up; 60s");

    private static readonly Option<bool> s_anyCertificate = new("--insecure")
    {
        Description = "Accept any TLS certificate: whoever is in between can take your work.",
    };

    private static readonly Option<bool> s_benchmark = new("--benchmark")
    {
        Description = "Measure how fast this processor hashes, by every kernel that it has, and mine nowhere: no URL, no --user. "
            + "--algorithm, both unless given; --threads; --duration of each, 10s unless given.",
    };

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        s_algorithm.AcceptOnlyFromAmong("sha256d", "scrypt");
        var command = new Command("mine", "Mine at a pool with the CPU.")
        {
            s_url, s_user, s_password, s_algorithm, s_threads, s_shares, s_duration, s_retryFor, s_anyCertificate, s_benchmark,
            s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        if (arguments.GetValue(s_benchmark))
            return await BenchmarkAsync(arguments, stop);
        var options = Options(arguments);
        var errors = options.Validate();
        if (errors.Count > 0)
            throw new UsageException(string.Join(Environment.NewLine, errors));
        var miner = new CpuMiner(options);
        CpuMinerEnd end;
        if (arguments.GetValue(s_json))
        {
            using var lines = new JsonLines(Console.Out);
            FollowAsJson(miner, lines);
            end = await miner.RunAsync(stop);
        }
        else
        {
            using var lines = new LineOutput(Console.Out, static count => $"{count} lines were left out: nobody took them");
            FollowAsText(miner, lines);
            end = await miner.RunAsync(stop);
        }
        var statistics = miner.Statistics;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{statistics.Accepted} accepted, {statistics.Stale} stale, {statistics.Rejected} refused, {HashRate.Format(statistics.HashRate)}"));
        await Console.Error.WriteLineAsync(Printable.Of(end.Text.ReplaceLineEndings(" ")));
        return end.IsSuccess ? Runner.Done : Runner.Failed;
    }

    private static async Task<int> BenchmarkAsync(ParseResult arguments, CancellationToken stop)
    {
        if (arguments.GetValue(s_url) is not null || arguments.GetValue(s_user) is not null || arguments.GetValue(s_shares) is not null)
            throw new UsageException("--benchmark mines nowhere: URL, --user and --shares do not go with it.");
        var threads = arguments.GetValue(s_threads);
        if (threads is < 1 or > 1024)
            throw new UsageException($"--threads is {threads}: 1 to 1024.");
        string[] algorithms = arguments.GetResult(s_algorithm) is { Implicit: false }
            ? [arguments.GetRequiredValue(s_algorithm)] : ["sha256d", "scrypt"];
        foreach (var algorithm in algorithms)
        {
            await Console.Error.WriteLineAsync($"measuring {algorithm}");
            var duration = arguments.GetValue(s_duration) ?? TimeSpan.FromSeconds(10);
            var report = new BenchmarkReport(algorithm, threads, await HashBenchmark.RunAsync(algorithm, threads, duration, stop));
            foreach (var line in arguments.GetValue(s_json) ? report.Objects().Select(json => json.ToJsonString()) : report.Lines())
                await Console.Out.WriteLineAsync(line);
        }
        return Runner.Done;
    }

    private static CpuMinerOptions Options(ParseResult arguments)
    {
        var pool = arguments.GetValue(s_url) ?? throw new UsageException(
            "URL is needed: the pool, such as stratum+tcp://127.0.0.1:3333; or --benchmark, which mines nowhere.");
        var user = arguments.GetValue(s_user) ?? throw new UsageException("--user is needed: the worker's name at the pool.");
        if (!StratumUrl.TryParse(pool, out var url, out var error))
            throw new UsageException(error);
        return new CpuMinerOptions
        {
            Url = url,
            User = user,
            Password = arguments.GetRequiredValue(s_password),
            Algorithm = arguments.GetRequiredValue(s_algorithm),
            Threads = arguments.GetValue(s_threads),
            Shares = arguments.GetValue(s_shares),
            Duration = arguments.GetValue(s_duration),
            RetryFor = arguments.GetValue(s_retryFor) ?? TimeSpan.FromSeconds(60),
            Client = StratumClientOptions.Default with
            {
                MaxReconnectDelay = TimeSpan.FromSeconds(5),
                DangerousAcceptAnyCertificate = arguments.GetValue(s_anyCertificate),
            },
        };
    }

    private static void FollowAsText(CpuMiner miner, LineOutput lines)
    {
        miner.JobReceived += (_, job) => Say($"job {job.Id}: difficulty {job.Difficulty}{(job.Clean ? ", new block" : "")}");
        miner.ShareAnswered += (_, answer) => Say(string.Create(CultureInfo.InvariantCulture,
            $"share of difficulty {answer.Share.Difficulty.Value:G4}: {answer.Result}"));
        miner.Disconnected += (_, lost) => Console.Error.WriteLine(
            Printable.Of($"the pool is lost: {lost.Reason.Message}{(lost.WillReconnect ? "; trying again" : "")}"));
        miner.ProtocolError += (_, error) => Console.Error.WriteLine(
            Printable.Of($"the pool sent what cannot be used: {error.Text}: {Cut(error.Line)}"));

        void Say(string text) => lines.Write(Printable.Of(text));
    }

    private static string Cut(string line) => line.Length > 200 ? line[..200] + "..." : line;

    private static void FollowAsJson(CpuMiner miner, JsonLines lines)
    {
        miner.JobReceived += (_, job) => lines.Write(new JsonObject
        {
            ["event"] = "job", ["id"] = job.Id, ["difficulty"] = job.Difficulty.Value, ["clean"] = job.Clean,
        });
        miner.ShareAnswered += (_, answer) => lines.Write(new JsonObject
        {
            ["event"] = "share",
            ["accepted"] = answer.Result.IsAccepted,
            ["code"] = answer.Result.IsAccepted ? null : answer.Result.Code,
            ["reason"] = answer.Result.IsAccepted ? null : answer.Result.Text,
            ["difficulty"] = answer.Share.Difficulty.Value,
        });
        miner.Disconnected += (_, lost) => lines.Write(new JsonObject
        {
            ["event"] = "disconnected", ["reason"] = lost.Reason.Message, ["again"] = lost.WillReconnect,
        });
        miner.ProtocolError += (_, error) => lines.Write(new JsonObject
        {
            ["event"] = "protocolError", ["text"] = error.Text, ["line"] = Cut(error.Line),
        });
    }
}
