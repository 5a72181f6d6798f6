using System.Text.RegularExpressions;

namespace Stratum.Architecture.Tests;

/// <summary>One file of the tree.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed partial record SourceFile(string Path)
{
    private string? _text;

    public string Text => _text ??= File.ReadAllText(System.IO.Path.Combine(SourceTree.Root, Path));

    public IEnumerable<string> Lines => Text.TrimEnd('\n').Split('\n');

    /// <summary>The lines without comments and without what stands between quotes on one line.</summary>
    public IEnumerable<string> CodeLines => Lines.Select(line => Comment().Replace(Quoted().Replace(line, "\"\""), ""));

    /// <summary>The project in src that it belongs to.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>Where a pattern occurs in the code, as <c>path:line: text</c>.</summary>
    public IEnumerable<string> Find(Regex pattern) => CodeLines
        .Select((line, index) => (Line: line, Number: index + 1))
        .Where(found => pattern.IsMatch(found.Line))
        .Select(found => $"{Path}:{found.Number}: {found.Line.Trim()}");

    public override string ToString() => Path;

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"
        """)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<!:)//.*$")]
    private static partial Regex Comment();
}
