using System.Text.RegularExpressions;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

/// <summary>docs/: its C# is a piece of code that is built and run, and each row of a table names a test that there is.</summary>
public sealed partial class DocumentTests
{
    private const string ComingFrom = "docs/coming-from-node-stratum.md";

    [Fact]
    public void Code_EachBlock_IsBuiltAndRun()
    {
        var blocks = Code.BlocksOf(Read(ComingFrom));

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Code.Built, built => built.Contains(block, StringComparison.Ordinal)));
    }

    [Fact]
    public void Tables_EachRow_NamesATestThatThereIs()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Tree.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file)!, File.ReadAllText);

        var rows = Read(ComingFrom).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| node-stratum"))
            .ToList();

        Assert.True(rows.Count > 70);
        var bad = rows.Where(row => TestName().Match(row) is not { Success: true } name
            || !tests[name.Groups[1].Value].Any(file => file.Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal)));
        Assert.Empty(bad);
    }

    [Fact]
    public void Links_ToFiles_LeadSomewhere()
    {
        var targets = Link().Matches(Read(ComingFrom)).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(File.Exists(Path.GetFullPath(Path.Combine(Tree.Root, "docs", target))), target));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Tree.Root, file));

    [GeneratedRegex(@"\| `(\w+)\.(\w+)` \|$")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\]\((\.\./[^)]+)\)")]
    private static partial Regex Link();
}
