using System.Xml.Linq;

namespace Stratum.Architecture.Tests;

/// <summary>Who may know whom. A new arrow is a decision: it changes this table and ARCHITECTURE.md.</summary>
public sealed class ReferenceTests
{
    // The command may know everybody, so it is not here.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Stratum.Mining"] = [],
        ["Stratum.BlockNotify"] = [],
        ["Stratum.Protocol"] = ["Stratum.Mining"],
        ["Stratum.Rpc"] = ["Stratum.Protocol"],
        ["Stratum.Client"] = ["Stratum.Protocol"],
        ["Stratum.Server"] = ["Stratum.Rpc", "Stratum.Protocol"],
        ["Stratum.Daemon"] = ["Stratum.Rpc", "Stratum.Mining"],
        ["Stratum.Simulation"] = ["Stratum.Client", "Stratum.Server"],
        ["Stratum.Pool"] = ["Stratum.Server", "Stratum.Daemon"],
        ["Stratum.Proxy"] = ["Stratum.Server", "Stratum.Client"],
        ["Stratum"] = ["Stratum.Server", "Stratum.Client", "Stratum.Daemon"],
    };

    // A client or a notify needs no web stack.
    private static readonly string[] s_web =
        ["Stratum.Server", "Stratum", "Stratum.Pool", "Stratum.Proxy", "Stratum.Simulation", "Stratum.Cli"];

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Fact]
    public void Projects_Source_AreFound() => Assert.Contains("Stratum.Mining", Projects.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfAProject_AreTheAllowedOnes(string project)
    {
        if (project == "Stratum.Cli")
            return;
        Assert.True(s_allowed.ContainsKey(project), $"{project} is new: say in {nameof(ReferenceTests)} whom it may know.");

        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Equal(s_allowed[project].Order(), references.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void WebFramework_OfAProject_OnlyWhereAllowed(string project)
    {
        var frameworks = Items(project, "FrameworkReference").ToList();

        Assert.All(frameworks, framework => Assert.Equal("Microsoft.AspNetCore.App", framework));
        Assert.True(frameworks.Count == 0 || s_web.Contains(project), $"{project} must do without ASP.NET Core.");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_OfMiningAndProtocol_AreNone(string project)
    {
        if (project is "Stratum.Mining" or "Stratum.Protocol" or "Stratum.BlockNotify")
            Violations.None(Items(project, "PackageReference"));
    }

    [Fact]
    public void Blocks_NativeCode_AreAllowedInMiningAndServerOnly()
    {
        var projects = Projects.Select(row => row.Data).Where(project => Load(project).Descendants("AllowUnsafeBlocks").Any());

        Assert.Equal(["Stratum.Mining", "Stratum.Server"], projects.Order());
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        Load(project).Descendants(kind).Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'));

    private static XDocument Load(string project) =>
        XDocument.Load(Path.Combine(SourceTree.Root, "src", project, project + ".csproj"));
}
