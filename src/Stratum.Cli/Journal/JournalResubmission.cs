using Stratum.Daemon;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>
/// Sends a journal's open blocks once, lowest first, each to all daemons at once. Good news is written to the journal
/// when no pool holds it; an entry is never closed by this: what a daemon refuses now, another may take.
/// </summary>
internal sealed class JournalResubmission(JournalContents contents, IJournalPrinter printer)
{
    private readonly Dictionary<CoinDaemon, SubmitAnswer> _away = [];

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
        ReadOnlyMemory<byte> block;
        try
        {
            block = contents.ReadBlock(entry);
        }
        catch (JournalException error)
        {
            printer.Answer(entry, "journal", new SubmitAnswer(SubmitVerdict.Unknown, error.Message));
            return false;
        }
        var answers = await Task.WhenAll(daemons.Select(async daemon =>
            (Daemon: daemon.Name, Answer: _away.TryGetValue(daemon, out var before)
                ? before
                : await SubmitAnswer.AskAsync(daemon, entry.Hash, block, stop))));
        for (var i = 0; i < answers.Length; i++)
        {
            printer.Answer(entry, answers[i].Daemon, answers[i].Answer);
            // One that gives no answer is not asked for each of a thousand blocks: it delays failed logins.
            if (answers[i].Answer.IsAway)
                _away[daemons[i]] = answers[i].Answer;
        }
        // The best news counts: one daemon that has the block is enough.
        var best = answers.Where(each => each.Answer.Verdict != SubmitVerdict.Unknown).OrderBy(each => each.Answer.Verdict).ToList();
        if (journal is not null && best is [var first, ..])
            await RecordAsync(journal, entry, first.Daemon, first.Answer);
        return best.Count > 0;
    }

    private static async Task RecordAsync(BlockJournal journal, JournalEntry entry, string daemon, SubmitAnswer answer)
    {
        var state = answer.Verdict switch
        {
            SubmitVerdict.Accepted => BlockState.Accepted,
            SubmitVerdict.LostRace => BlockState.LostRace,
            _ => entry.State,
        };
        try
        {
            await journal.RecordAsync(entry.Hash, state, isOpen: true, daemon, answer.Word, entry.Confirmations);
        }
        catch (JournalException error)
        {
            await Console.Error.WriteLineAsync(Printable.Of(error.Message));
        }
    }
}
