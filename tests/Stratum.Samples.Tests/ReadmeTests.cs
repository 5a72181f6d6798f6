using System.Text.RegularExpressions;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

/// <summary>The README's C# is code that is built and run: each block stands in a sample between two marks.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] s_samples = ["TenLineServer", "EightLineClient"];

    [Fact]
    public void Readme_EveryBlockOfCode_StandsInASample()
    {
        var readme = File.ReadAllText(Path.Combine(Tree.Root, "README.md"));

        var blocks = CodeBlock().Matches(readme).Select(match => match.Groups[1].Value.TrimEnd()).ToList();

        Assert.Equal(s_samples.Select(Marked), blocks);
    }

    // A sample takes its port or URL from the command line; the README says one.
    private static string Marked(string sample)
    {
        var source = File.ReadAllText(Path.Combine(Tree.Root, "samples", sample, "Program.cs"));
        var parts = Mark().Split(source);
        Assert.Equal(3, parts.Length);
        var lines = parts[1].TrimEnd().Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indent..]))
            .Replace("{ Port = port }", "{ Port = 3333 }")
            .Replace("ConnectAsync(url)", "ConnectAsync(\"stratum+tcp://127.0.0.1:3333\")");
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^ *// README\n", RegexOptions.Multiline)]
    private static partial Regex Mark();
}
