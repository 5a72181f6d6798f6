using System.Text.RegularExpressions;

namespace Stratum.Architecture.Tests;

/// <summary>An option's default, with its reason, stands where the user looks: in its documentation.</summary>
public sealed partial class OptionsTests
{
    public static TheoryData<string> Files => [.. SourceTree.Product.Select(file => file.Path)
        .Where(path => path.EndsWith("Options.cs") || path.EndsWith("Limits.cs"))
        .Where(path => !path.StartsWith("src/Stratum.Cli/"))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Options_EverySettableProperty_SaysItsDefault(string path)
    {
        var lines = File.ReadAllLines(Path.Combine(SourceTree.Root, path));
        var silent = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Settable().IsMatch(lines[i]))
                continue;
            var comment = new List<string>();
            for (var above = i - 1; above >= 0 && lines[above].TrimStart() is ['/', ..] or ['[', ..]; above--)
                comment.Add(lines[above]);
            if (!comment.Any(line => line.Contains("<value>") || line.Contains("<inheritdoc")))
                silent.Add(lines[i].Trim());
        }
        Violations.None(silent);
    }

    // A required one has no default to speak of. The braces may begin on the next line.
    [GeneratedRegex(@"^    public (?!static|required|override|const|sealed)[^(=]*?(\{ get; (set|init);|^\s*$)")]
    private static partial Regex Settable();
}
