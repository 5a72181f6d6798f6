using System.Text.RegularExpressions;

namespace Stratum.Architecture.Tests;

/// <summary>What the compiler and the analyzers do not hold.</summary>
public sealed partial class CodeTests
{
    [Fact]
    public void NativeCode_Product_OnlyInHashingAndTheLoop() => Violations.None(SourceTree.Product
        .Where(file => !file.Path.StartsWith("src/Stratum.Mining/Hashing/")
            && !file.Path.StartsWith("src/Stratum.Server/Transport/Loop/"))
        .SelectMany(file => file.Find(Native())));

    [Fact]
    public void Files_Product_HaveNoMoreThan500Lines() =>
        Violations.None(SourceTree.Product.Where(file => file.Lines.Count() > 500));

    [Fact]
    public void Files_Product_AreShortAsARule()
    {
        var lengths = SourceTree.Product.Select(file => file.Lines.Count()).Order().ToList();

        Assert.InRange(lengths[lengths.Count / 2], 1, 60);
    }

    [Fact]
    public void Types_Product_OnePublicOneInAFileOfItsName() => Violations.None(SourceTree.Product
        .Select(file => (File: file, Types: PublicType().Matches(file.Text).Select(match => match.Groups[1].Value).ToList()))
        .Where(found => found.Types.Count > 1
            || found.Types is [var type] && type != Path.GetFileName(found.File.Path).Split('.')[0])
        .Select(found => $"{found.File}: {string.Join(", ", found.Types)}"));

    [Fact]
    public void Namespaces_Product_AreTheProjectsOwn() => Violations.None(SourceTree.Product
        .Where(file => file.Path.Split('/')[^1] is not ("Program.cs" or "AssemblyInfo.cs")
            && !file.Lines.Contains($"namespace {file.Project};")
            || file.Lines.Any(line => line.StartsWith("namespace ") && line != $"namespace {file.Project};")));

    [Fact]
    public void Regions_Code_AreNone() => Violations.None(SourceTree.Code.SelectMany(file => file.Find(Region())));

    [Fact]
    public void AsyncVoid_Product_IsNone() => Violations.None(SourceTree.Product.SelectMany(file => file.Find(AsyncVoid())));

    [Fact]
    public void Blocking_Product_IsNone() => Violations.None(SourceTree.Product.SelectMany(file => file.Find(Blocking())));

    // The analyzer knows what is a task; this only holds that nobody turns it off.
    [Fact]
    public void BlockingAnalyzer_Product_IsOn() => Violations.None(SourceTree.All
        .Where(file => file.Path.StartsWith("src/") && (file.Path.EndsWith(".cs") || file.Path.EndsWith("proj") || file.Path.EndsWith(".props")))
        .Where(file => file.Text.Contains("VSTHRD002") || file.Text.Contains("VSTHRD100")));

    // The SDK's generator writes several log classes of an assembly in an order of chance (dotnet/runtime#119587), and then no
    // build has the bytes of another.
    [Fact]
    public void LogClasses_OfOneProject_AreOne() => Violations.None(SourceTree.Product
        .Where(file => file.Find(LogMessage()).Any())
        .GroupBy(file => file.Project)
        .Where(project => project.Count() > 1)
        .Select(project => string.Join(", ", project)));

    [GeneratedRegex(@"\bunsafe\b|\b(Library|Dll)Import\b|\bNativeLibrary\b|\bfixed\s*\(")]
    private static partial Regex Native();

    [GeneratedRegex(@"^\s*\[LoggerMessage\(")]
    private static partial Regex LogMessage();

    [GeneratedRegex(
        @"^public (?:(?:static|sealed|abstract|partial|readonly|ref) )*(?:class|struct|interface|enum|record(?: struct| class)?|delegate [\w<>?\[\],. ]+?) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*#\s*(end)?region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"\basync void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\bThread\.Sleep\b|Async\([^()]*\)\.Result\b|\b[tT]ask\.Result\b|\.AsTask\(\)\.Result\b|GetAwaiter\(\)\.GetResult\(\)|[tT]ask\.Wait\(")]
    private static partial Regex Blocking();
}
