using System.Text.RegularExpressions;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

/// <summary>C# in documents, and the code that is built and run which it must be a piece of.</summary>
internal static partial class Code
{
    /// <summary>The samples, and code of these tests.</summary>
    public static IReadOnlyList<string> Built { get; } =
    [
        .. new[] { "samples", "tests/Stratum.Samples.Tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Tree.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Flatten(File.ReadAllText(file))),
    ];

    /// <summary>The blocks of C# in a document.</summary>
    public static IReadOnlyList<string> BlocksOf(string document) =>
        [.. CodeBlock().Matches(document).Select(match => Flatten(match.Groups[1].Value))];

    // What runs is indented otherwise, and is told its ports and URLs where a document says one.
    private static string Flatten(string code)
    {
        var lines = string.Join('\n', code.Trim().Split('\n').Select(line => line.Trim()));
        return Url().Replace(lines, "url").Replace("Port = 3333", "Port = port");
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("\"(http|stratum\\+tcp)://[^\"{}]+\"")]
    private static partial Regex Url();
}
