using Stratum.Daemon;
using Stratum.Pool;
using Stratum.Rpc;

namespace Stratum.Cli;

/// <summary>
/// Sends a journal's open blocks once, lowest first, each to all daemons at once. Good news is written to the journal
/// when no pool holds it; an entry is never closed by this: what a daemon refuses now, another may take.
/// </summary>
internal sealed class JournalResubmission(JournalContents contents, IJournalPrinter printer)
{
    // The only error that is an answer to the block: it cannot be read as one.
    private const int BlockUnreadable = -22;

    /// <summary>Whether every block got an answer from a daemon at least.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<JournalEntry> open, IReadOnlyList<CoinDaemonOptions> options, CancellationToken stop)
    {
        using var journal = await TryOpenAsync();
        var daemons = options.Select(daemon => new CoinDaemon(daemon)).ToList();
        var undelivered = new List<JournalEntry>();
        try
        {
            foreach (var entry in open)
            {
                if (!await SendAsync(entry, daemons, journal, stop))
                    undelivered.Add(entry);
            }
        }
        finally
        {
            foreach (var daemon in daemons)
                await daemon.DisposeAsync();
        }
        if (undelivered.Count > 0)
            await Console.Error.WriteLineAsync(
                $"{undelivered.Count} of {open.Count} open blocks could not be delivered to any daemon, the first of them {undelivered[0].Hash}: "
                + "see above why, and try again.");
        return undelivered.Count == 0;
    }

    private async Task<BlockJournal?> TryOpenAsync()
    {
        try
        {
            return BlockJournal.Open(contents.File);
        }
        catch (JournalException error) when (error.Problem is JournalProblem.Locked or JournalProblem.NotAllowed or JournalProblem.Failed)
        {
            await Console.Error.WriteLineAsync(Printable.Of($"The answers are not written to the journal. {error.Message}"));
            return null;
        }
    }

    private async Task<bool> SendAsync(JournalEntry entry, List<CoinDaemon> daemons, BlockJournal? journal, CancellationToken stop)
    {
        SubmitAnswer[] answers;
        try
        {
            var block = contents.ReadBlock(entry);
            answers = await Task.WhenAll(daemons.Select(daemon => SubmitAsync(daemon, block, stop)));
        }
        catch (JournalException error)
        {
            answers = [new SubmitAnswer("journal", null, error.Message)];
        }
        foreach (var answer in answers)
            printer.Answer(entry, answer);
        if (journal is not null && Best(answers) is { } best)
            await RecordAsync(journal, entry, best);
        return answers.Any(answer => answer.IsDelivered);
    }

    private static async Task<SubmitAnswer> SubmitAsync(CoinDaemon daemon, ReadOnlyMemory<byte> block, CancellationToken stop)
    {
        var name = daemon.Options.Url.Authority;
        try
        {
            return new SubmitAnswer(name, await daemon.SubmitBlockAsync(block, stop), null);
        }
        catch (RpcException error)
        {
            return error.Code == BlockUnreadable
                ? new SubmitAnswer(name, error.Message, null)
                : new SubmitAnswer(name, null, $"{error.Message} ({error.Code})");
        }
        catch (RpcTransportException error)
        {
            return new SubmitAnswer(name, null, error.Message);
        }
    }

    // The best news counts: one daemon that has the block is enough.
    private static SubmitAnswer? Best(SubmitAnswer[] answers) =>
        answers.Where(answer => answer.IsDelivered)
            .MinBy(answer => answer.Word switch { null => 0, "duplicate" => 1, "inconclusive" => 2, _ => 3 });

    private static async Task RecordAsync(BlockJournal journal, JournalEntry entry, SubmitAnswer answer)
    {
        var state = answer.Word switch
        {
            null => BlockState.Accepted,
            // It has it; whether in its best chain it does not say.
            "duplicate" => entry.State == BlockState.Found ? BlockState.Accepted : entry.State,
            "inconclusive" => BlockState.LostRace,
            _ => entry.State,
        };
        try
        {
            await journal.RecordAsync(entry.Hash, state, isOpen: true, answer.Daemon, answer.Word, entry.Confirmations);
        }
        catch (JournalException error)
        {
            await Console.Error.WriteLineAsync(Printable.Of(error.Message));
        }
    }
}
