using Stratum.Packages.Tests;
using Stratum.Testing;

[assembly: AssemblyFixture(typeof(PackedFolder))]

namespace Stratum.Packages.Tests;

/// <summary>A folder with every package of the tree, and one with its tools installed from there.</summary>
public sealed class PackedFolder : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<Task<string>> _tools;

    public PackedFolder() => _tools = new(InstallAsync);

    public static IReadOnlyList<string> Libraries { get; } =
    [
        "Stratum", "Stratum.Client", "Stratum.Daemon", "Stratum.Mining", "Stratum.Pool", "Stratum.Protocol", "Stratum.Rpc",
        "Stratum.Server", "Stratum.Simulation",
    ];

    public static IReadOnlyList<string> Tools { get; } = ["Stratum.BlockNotify", "Stratum.Cli"];

    public string Folder => _folder.File("packages");

    /// <summary>The packages by their names.</summary>
    internal IReadOnlyDictionary<string, Package> Packages { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // They are built as these tests were; symbols that name no folder are made in Release only.
        string[] build = Tree.Configuration == "Release" ? ["--no-build"] : [];
        await Cli.DotnetAsync(Tree.Root, null, ["pack", "Stratum.slnx", "-c", "Release", "-o", Folder, "-v", "quiet", .. build]);
        Packages = Directory.EnumerateFiles(Folder).Select(file => new Package(file)).ToDictionary(package => package.Id);
    }

    /// <summary>The path of a tool that was installed from its package.</summary>
    public async Task<string> ToolAsync(string command) => Path.Combine(await _tools.Value, command);

    /// <summary>A store of packages that begins empty: none of an earlier run is taken for one of this.</summary>
    public string NewStore(string name) => _folder.File(name);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    private async Task<string> InstallAsync()
    {
        var tools = _folder.File("tools");
        foreach (var package in Tools)
            await Cli.DotnetAsync(_folder.Path, NewStore("tool-store"),
                ["tool", "install", package, "--tool-path", tools, "--source", Folder]);
        return tools;
    }
}
