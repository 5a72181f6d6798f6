using System.CommandLine;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary><c>journal FILE</c>: found blocks and what became of them; <c>--resubmit</c> sends the open ones.</summary>
internal static class JournalVerb
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "The journal of a pool." };

    private static readonly Option<bool> s_resubmit = new("--resubmit")
    {
        Description = "Send every open block to every --daemon, lowest first.",
    };

    private static readonly DaemonArguments s_daemons = new();

    private static readonly Option<string?> s_coin = new("--coin")
    {
        Description = "With --resubmit: only blocks of this coin; needed when there are several.", HelpName = "COIN",
    };

    private static readonly Option<string?> s_network = new("--network")
    {
        Description = "With --resubmit: only blocks of this network; needed when there are several.", HelpName = "NETWORK",
    };

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("journal", "List found blocks and what became of them.") { s_file, s_resubmit, s_coin, s_network, s_json };
        s_daemons.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var resubmit = arguments.GetValue(s_resubmit);
        if (resubmit != s_daemons.AreGiven(arguments))
            throw new UsageException(resubmit
                ? "--resubmit needs to know where to: --daemon URL, which may be repeated."
                : "--daemon is for --resubmit: without it the journal is only listed.");
        var contents = BlockJournal.Read(arguments.GetRequiredValue(s_file));
        IJournalPrinter printer = arguments.GetValue(s_json) ? new JsonJournalPrinter(Console.Out) : new TextJournalPrinter(Console.Out);
        if (!resubmit)
        {
            printer.List(contents);
            return Runner.Done;
        }

        var open = FindOpen(arguments, contents);
        printer.Damage(contents);
        if (open.Count == 0)
        {
            await Console.Error.WriteLineAsync($"No block of {contents.File} is open: nothing was sent.");
            return Runner.Done;
        }
        var daemons = ReadDaemons(arguments, open[0]);
        return await new JournalResubmission(contents, printer).RunAsync(open, daemons, stop) ? Runner.Done : Runner.Failed;
    }

    // Blocks of one chain only: a daemon knows no other.
    private static List<JournalEntry> FindOpen(ParseResult arguments, JournalContents contents)
    {
        var open = contents.Entries.Where(entry => entry.IsOpen
            && Matches(arguments.GetValue(s_coin), entry.Coin) && Matches(arguments.GetValue(s_network), entry.Network)).ToList();
        var chains = open.Select(entry => $"{entry.Coin} {entry.Network}").Distinct().ToList();
        return chains.Count <= 1
            ? [.. open.OrderBy(entry => entry.Height)]
            : throw new UsageException(Printable.Of(
                $"The journal has open blocks of {string.Join(", ", chains)}: say with --coin and --network which are sent."));
    }

    private static bool Matches(string? given, string value) => given is null || given.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<CoinDaemonOptions> ReadDaemons(ParseResult arguments, JournalEntry entry)
    {
        if (!Coin.TryFind(entry.Coin, out var coin))
            throw new UsageException(Printable.Of(
                $"The journal's blocks are of the coin '{entry.Coin}'; known are {string.Join(", ", Coin.Known.Select(known => known.Name))}."));
        try
        {
            return s_daemons.Read(arguments, coin, coin.GetNetwork(entry.Network));
        }
        catch (ArgumentException error)
        {
            throw new UsageException(Printable.Of($"The journal's network: {error.Message}"));
        }
    }
}
