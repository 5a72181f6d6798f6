using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>One JSON object a line: <c>entry</c>, <c>damage</c>, <c>answer</c>.</summary>
internal sealed class JsonJournalPrinter(TextWriter output) : IJournalPrinter
{
    public void List(JournalContents contents)
    {
        foreach (var entry in contents.Entries)
            Write(new JsonObject
            {
                ["event"] = "entry",
                ["foundAt"] = entry.FoundAt,
                ["height"] = entry.Height,
                ["hash"] = entry.Hash.ToString(),
                ["coin"] = entry.Coin,
                ["network"] = entry.Network,
                ["worker"] = entry.Worker,
                ["state"] = JsonNamingPolicy.CamelCase.ConvertName(entry.State.ToString()),
                ["open"] = entry.IsOpen,
                ["confirmations"] = entry.Confirmations,
                ["daemon"] = entry.Daemon,
                ["reason"] = entry.Reason,
                ["changedAt"] = entry.ChangedAt,
                ["length"] = entry.Length,
            });
        Damage(contents);
    }

    public void Damage(JournalContents contents)
    {
        foreach (var damage in contents.Damage)
            Write(new JsonObject
            {
                ["event"] = "damage",
                ["offset"] = damage.Offset,
                ["length"] = damage.Length,
                ["text"] = damage.Text,
            });
    }

    public void Answer(JournalEntry entry, string daemon, in SubmitAnswer answer) => Write(new JsonObject
    {
        ["event"] = "answer",
        ["height"] = entry.Height,
        ["hash"] = entry.Hash.ToString(),
        ["daemon"] = daemon,
        ["delivered"] = answer.Verdict != SubmitVerdict.Unknown,
        ["accepted"] = answer.Verdict == SubmitVerdict.Accepted,
        ["reason"] = answer.Verdict == SubmitVerdict.Unknown ? null : answer.Word,
        ["error"] = answer.Verdict == SubmitVerdict.Unknown ? answer.Word : null,
    });

    private void Write(JsonObject value) => output.WriteLine(value.ToJsonString());
}
