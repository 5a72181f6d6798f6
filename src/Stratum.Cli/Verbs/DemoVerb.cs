using System.CommandLine;
using Spectre.Console;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Cli;

/// <summary><c>demo</c>: simulated chain, pool and miners in one process, with a live picture.</summary>
internal static class DemoVerb
{
    private static readonly Option<int> s_miners = new("--miners")
    {
        Description = "CPU miners, one thread each.", HelpName = "N", DefaultValueFactory = _ => 2,
    };

    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Duration("--duration", "End after this time; without it Ctrl-C ends");

    private static readonly Option<int> s_port = new("--port")
    {
        Description = "Port of the pool; 0 picks a free one.", HelpName = "PORT", DefaultValueFactory = _ => 3333,
    };

    private static readonly Option<SessionTransport> s_transport = CommonOptions.Transport();

    private static readonly Option<string> s_coin = new("--coin")
    {
        Description = "bitcoin or litecoin.", HelpName = "COIN", DefaultValueFactory = _ => "bitcoin",
    };

    private static readonly Option<string[]> s_passwordFile = new("--rpc-password-file")
    {
        Description = "JSON-RPC server: file whose first line is its password.", HelpName = "FILE",
    };

    private static readonly RpcArguments s_rpc = new(s_passwordFile);

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("demo", "Watch a simulated chain, a pool and CPU miners work together.")
        {
            s_miners, s_duration, s_port, s_transport, s_coin, s_passwordFile, s_json,
        };
        s_rpc.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var json = arguments.GetValue(s_json);
        var duration = arguments.GetValue(s_duration);
        if (!Coin.TryFind(arguments.GetRequiredValue(s_coin), out var coin))
            throw new UsageException($"--coin: there are {string.Join(", ", Coin.Known.Select(known => known.Name))}.");
        if (arguments.GetValue(s_miners) is < 1 or > 1000)
            throw new UsageException("--miners: 1 to 1000.");
        if (arguments.GetValue(s_port) is < 0 or > 65535)
            throw new UsageException("--port: 0 to 65535.");

        var rpc = s_rpc.Read(arguments, isNeeded: false, isPasswordOurs: true);
        await using var demo = await DemoRun.StartAsync(
            coin, arguments.GetValue(s_miners), arguments.GetValue(s_port), arguments.GetValue(s_transport), rpc, stop);
        if (demo.RpcEndPoint is { } reached)
            Console.WriteLine(json ? ListeningLine.Of(demo.EndPoint, demo.Driver, reached).ToJsonString() : $"JSON-RPC on {reached}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (duration is { } time)
            end.CancelAfter(time);
        await Picture(json).ShowAsync(demo, end.Token);
        await demo.StopMinersAsync();

        var summary = demo.Summary();
        if (json)
            Console.WriteLine(summary.ToJson().ToJsonString());
        else
            Console.WriteLine(summary.ToText());
        if (duration is null || stop.IsCancellationRequested || summary.Failure is not { } failure)
            return Runner.Done;
        await Console.Error.WriteLineAsync(failure);
        return Runner.Failed;
    }

    private static IDemoPicture Picture(bool json) =>
        json ? new DemoLines(Console.Error)
        : Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new DemoLines(Console.Out)
        : new DemoTable();
}
