using Stratum.Testing;

namespace Stratum.Samples.Tests;

/// <summary>What a registry shows of each package.</summary>
public sealed class PackageReadmeTests
{
    public static TheoryData<string> Packages =>
        [.. Directory.EnumerateDirectories(Path.Combine(Tree.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Readme_EachBlockOfCode_IsBuiltAndRun(string package)
    {
        var blocks = Code.BlocksOf(Read(package));

        Assert.Equal(IsTool(package), blocks.Count == 0);
        Assert.All(blocks, block => Assert.Contains(Code.Built, built => built.Contains(block, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Readme_Package_SaysHowItIsInstalledAndNamesTheOthers(string package)
    {
        var readme = Read(package);

        Assert.StartsWith($"# {package}\n\n", readme);
        Assert.Contains(IsTool(package) ? $"\ndotnet tool install --global {package}\n" : $"\ndotnet add package {package}\n", readme);
        var list = readme[readme.IndexOf("The other packages: ", StringComparison.Ordinal)..].ReplaceLineEndings(" ");
        Assert.All(Packages.Select(row => row.Data).Where(other => other != package), other => Assert.Contains($" {other} (", list));
    }

    private static bool IsTool(string package) => package is "Stratum.Cli" or "Stratum.BlockNotify";

    private static string Read(string package) => File.ReadAllText(Path.Combine(Tree.Root, "src", package, "README.md"));
}
