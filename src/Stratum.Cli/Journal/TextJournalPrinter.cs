using System.Globalization;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>Aligned lines for people.</summary>
internal sealed class TextJournalPrinter(TextWriter output) : IJournalPrinter
{
    private static readonly string[] s_titles =
        ["found at (UTC)", "height", "hash", "worker", "state", "confirmations", "entry", "the daemon's word"];

    public void List(JournalContents contents)
    {
        if (contents.Entries.Count > 0)
            Table([s_titles, .. contents.Entries.Select(Row)]);
        output.WriteLine($"{contents.Entries.Count} {(contents.Entries.Count == 1 ? "block" : "blocks")}, "
            + $"{contents.Entries.Count(entry => entry.IsOpen)} open");
        Damage(contents);
    }

    public void Damage(JournalContents contents)
    {
        foreach (var damage in contents.Damage)
            output.WriteLine(Printable.Of(damage.Length == 0
                ? $"DAMAGE at byte {damage.Offset}: {damage.Text}"
                : $"DAMAGE at byte {damage.Offset}: {damage.Length} bytes were skipped: {damage.Text}"));
    }

    public void Answer(JournalEntry entry, string daemon, in SubmitAnswer answer) =>
        output.WriteLine(Printable.Of($"{entry.Height} {entry.Hash} {daemon}: {Text(answer)}"));

    private void Table(List<string[]> rows)
    {
        var widths = s_titles.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Row(JournalEntry entry) =>
    [
        entry.FoundAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        entry.Height.ToString(CultureInfo.InvariantCulture),
        entry.Hash.ToString(),
        Printable.Of(entry.Worker),
        State(entry.State),
        entry.Confirmations.ToString(CultureInfo.InvariantCulture),
        entry.IsOpen ? "open" : "closed",
        Printable.Of((entry.Daemon, entry.Reason) switch
        {
            (null, null) => "",
            ({ } daemon, null) => daemon,
            (null, { } reason) => reason,
            ({ } daemon, { } reason) => $"{daemon}: {reason}",
        }),
    ];

    private static string Text(in SubmitAnswer answer) => answer switch
    {
        { Verdict: SubmitVerdict.Unknown } => $"not delivered: {answer.Word}",
        { Verdict: SubmitVerdict.Refused } => $"refused: {answer.Word}",
        { Verdict: SubmitVerdict.LostRace } => $"{answer.Word}: valid, but not on its best chain",
        { Word: { } word } => $"{word}: it has the block already",
        _ => "accepted",
    };

    private static string State(BlockState state) => state switch
    {
        BlockState.Found => "no answer",
        BlockState.LostRace => "lost race",
        _ => state.ToString().ToLowerInvariant(),
    };
}
