using System.Text.RegularExpressions;

namespace Stratum.Architecture.Tests;

/// <summary>The tree is anybody's: it names no machine's folders.</summary>
public sealed partial class TreeTests
{
    private static readonly HashSet<string> s_text =
        [".cs", ".csproj", ".props", ".targets", ".slnx", ".json", ".md", ".yml", ".sh", ".py", ".mjs", ".js", ".txt", ""];

    [Fact]
    public void Files_Tree_NameNoFoldersOfAMachine() => Violations.None(SourceTree.All
        .Where(file => s_text.Contains(Path.GetExtension(file.Path)) && !file.Path.EndsWith(nameof(TreeTests) + ".cs"))
        .SelectMany(file => file.Lines.Select((line, index) => (Line: line, At: $"{file}:{index + 1}")))
        .Where(found => MachineFolder().IsMatch(found.Line))
        .Select(found => $"{found.At}: {found.Line.Trim()}"));

    [Fact]
    public void Solution_Projects_AreAllThatThereAre()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "Stratum.slnx"));
        var listed = ProjectPath().Matches(solution).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

        var there = SourceTree.All.Select(file => file.Path).Where(path => path.EndsWith(".csproj")).Order(StringComparer.Ordinal);

        Assert.Equal(there, listed);
    }

    [GeneratedRegex(@"(?<![\w./~*])/(work|home|Users|tmp|root|mnt)/[\w.-]+|\b[C-Z]:\\Users\\", RegexOptions.IgnoreCase)]
    private static partial Regex MachineFolder();

    [GeneratedRegex("Path=\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectPath();
}
