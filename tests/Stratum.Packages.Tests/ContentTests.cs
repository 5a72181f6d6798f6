using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Packages.Tests;

/// <summary>What lies in each package.</summary>
public sealed class ContentTests(PackedFolder packed)
{
    public static TheoryData<string> Libraries => [.. PackedFolder.Libraries];

    public static TheoryData<string> Tools => [.. PackedFolder.Tools];

    public static TheoryData<string> All => [.. PackedFolder.Libraries, .. PackedFolder.Tools];

    [Fact]
    public void Packages_OfTheTree_AreTheLibrariesAndTheTools() => Assert.Equal(All.Select(row => row.Data).Order(), packed.Packages.Keys.Order());

    [Theory]
    [MemberData(nameof(All))]
    public void Manifest_OfAPackage_SaysWhatARegistryShows(string id)
    {
        var package = packed.Packages[id];

        Assert.Equal("MIT", package.Metadata("license"));
        Assert.Equal("The Stratum for .NET authors", package.Metadata("authors"));
        Assert.Equal("README.md", package.Metadata("readme"));
        Assert.Contains("stratum", package.Metadata("tags")!.Split(' '));
        Assert.False(string.IsNullOrWhiteSpace(package.Metadata("description")));
        Assert.False(string.IsNullOrWhiteSpace(package.Metadata("releaseNotes")));
        Assert.Contains(package.Metadata("releaseNotes")!.ReplaceLineEndings("\n"), File.ReadAllText(Path.Combine(Tree.Root, "CHANGELOG.md")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Tree.Root, "LICENSE")), package.Files["LICENSE"]);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Tree.Root, "src", id, "README.md")), package.Files["README.md"]);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_ItsFiles_AreTheAssemblyAndItsDocumentation(string id)
    {
        var files = packed.Packages[id].Files.Keys.Where(path => path.StartsWith("lib/", StringComparison.Ordinal));

        Assert.Equal([$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], files);
        Assert.Contains($"<name>{id}</name>", Encoding.UTF8.GetString(packed.Packages[id].Files[$"lib/net10.0/{id}.xml"]));
    }

    [Theory]
    [InlineData("Stratum.Mining", false)]
    [InlineData("Stratum.Protocol", false, "Stratum.Mining")]
    [InlineData("Stratum.Rpc", false, "Microsoft.Extensions.Logging.Abstractions", "Stratum.Protocol")]
    [InlineData("Stratum.Client", false, "Microsoft.Extensions.Logging.Abstractions", "Stratum.Protocol")]
    [InlineData("Stratum.Daemon", false, "Microsoft.Extensions.Logging.Abstractions", "Stratum.Mining", "Stratum.Rpc")]
    [InlineData("Stratum.Server", true, "Stratum.Protocol", "Stratum.Rpc")]
    [InlineData("Stratum.Simulation", true, "Stratum.Client", "Stratum.Server")]
    [InlineData("Stratum.Pool", true, "Stratum.Daemon", "Stratum.Server")]
    [InlineData("Stratum", true, "Stratum.Client", "Stratum.Daemon", "Stratum.Server")]
    [InlineData("Stratum.BlockNotify", false)]
    [InlineData("Stratum.Cli", true)]
    public void Dependencies_OfAPackage_AreWhatItNeeds(string id, bool web, params string[] expected)
    {
        var package = packed.Packages[id];

        Assert.Equal(expected, package.Dependencies.Select(one => one.Split(' ')[0]).Order());
        Assert.Equal(web ? ["Microsoft.AspNetCore.App"] : [], package.Frameworks);
        Assert.All(package.Dependencies.Where(one => one.StartsWith("Stratum", StringComparison.Ordinal)),
            one => Assert.EndsWith(" " + package.Version, one));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Versions_OfAPackage_AgreeWithAllOthers(string id)
    {
        var package = packed.Packages[id];

        Assert.Equal(packed.Packages["Stratum"].Version, package.Version);
        using var folder = new TempFolder();
        Assert.NotEmpty(package.Assemblies);
        Assert.All(package.Assemblies, assembly =>
        {
            var file = folder.File(Path.GetFileName(assembly.Path));
            File.WriteAllBytes(file, assembly.Bytes);
            Assert.Equal(package.Version, AssemblyName.GetAssemblyName(file).Version!.ToString(3));
            // Behind the plus is the commit.
            Assert.Equal(package.Version, FileVersionInfo.GetVersionInfo(file).ProductVersion!.Split('+')[0]);
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Symbols_OfEachAssembly_HaveTheSources(string id) => Assert.All(packed.Packages[id].Assemblies, assembly =>
    {
        var sources = Symbols.Read(assembly.Bytes);

        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.StartsWith("/_/src/", source.Key);
            Assert.NotNull(source.Value);
            // What is made while building lies in obj, and in no folder at all.
            if (!source.Key.Contains("/obj/", StringComparison.Ordinal))
                Assert.Equal(File.ReadAllBytes(Path.Combine(Tree.Root, source.Key["/_/".Length..])), source.Value);
        });
    });

    [Theory]
    [MemberData(nameof(All))]
    public void Files_OfAPackage_NameNoFolderOfTheMachine(string id)
    {
        var package = packed.Packages[id];
        var parts = package.Files.Concat(package.Assemblies.SelectMany(assembly => Symbols.Read(assembly.Bytes)
            .SelectMany(source => new[]
            {
                KeyValuePair.Create($"{assembly.Path}: {source.Key}", source.Value ?? []),
                KeyValuePair.Create($"{assembly.Path}: the name of {source.Key}", Encoding.UTF8.GetBytes(source.Key)),
            })));
        // With what follows it: the tree may lie in /src or /app.
        var secrets = new[] { Path.Combine(Tree.Root, "src") + "/", NewProject.MachineStore }
            .SelectMany(path => new[] { Encoding.UTF8.GetBytes(path), Encoding.Unicode.GetBytes(path) }).ToList();

        Assert.DoesNotContain(parts, part => secrets.Any(secret => part.Value.AsSpan().IndexOf(secret) >= 0));
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void Tool_ItsFiles_AreProgramsWithoutDocumentation(string id)
    {
        var names = packed.Packages[id].Files.Keys.Where(path => path.StartsWith("tools/", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path)!).Where(name => name != "DotnetToolSettings.xml").ToList();

        Assert.DoesNotContain(names, name => name.EndsWith(".pdb", StringComparison.Ordinal) || name.EndsWith(".xml", StringComparison.Ordinal));
    }

    [Fact]
    public void Command_ItsSettings_AreThoseOfTheTree()
    {
        using var packedSettings = JsonDocument.Parse(packed.Packages["Stratum.Cli"].Files["tools/net10.0/any/Stratum.Cli.runtimeconfig.json"]);
        using var tree = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Tree.Root, "src", "Stratum.Cli", "runtimeconfig.template.json")));
        var found = packedSettings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        var wanted = tree.RootElement.GetProperty("configProperties").EnumerateObject().ToList();

        Assert.NotEmpty(wanted);
        Assert.All(wanted, setting => Assert.Equal(setting.Value.GetRawText(), found.GetProperty(setting.Name).GetRawText()));
        Assert.False(found.GetProperty("System.GC.Server").GetBoolean());
    }
}
