using System.Reflection;
using Stratum.Testing;

namespace Stratum.Packages.Tests;

/// <summary>A project of somebody who has just heard of the library: in a folder of its own, with what a package brings.</summary>
internal sealed class NewProject : IDisposable
{
    private readonly TempFolder _folder = new();

    private NewProject()
    {
    }

    /// <summary>Where this machine keeps packages that were restored, laid out as a registry's folder.</summary>
    public static string MachineStore { get; } = typeof(NewProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "PackageStore").Value!;

    public string Program => _folder.File("bin/Release/net10.0/app.dll");

    /// <summary>Makes a console application, adds a package of ours, and builds it.</summary>
    /// <param name="packed">Where the package lies.</param>
    /// <param name="package">Its name.</param>
    /// <param name="source">The program.</param>
    public static async Task<NewProject> BuildAsync(PackedFolder packed, string package, string source)
    {
        var project = new NewProject();
        var (folder, store) = (project._folder.Path, packed.NewStore("store-" + package));
        // Ours from the folder only, so that nobody else's of that name is taken; all others from what building has restored.
        await File.WriteAllTextAsync(project._folder.File("nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{packed.Folder}" />
                <add key="machine" value="{MachineStore}" />
              </packageSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="packed"><package pattern="Stratum" /><package pattern="Stratum.*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        await Cli.DotnetAsync(folder, store, "new", "console", "--name", "app", "--output", ".", "--no-restore", "--no-update-check");
        await Cli.DotnetAsync(folder, store, "add", "package", package);
        await File.WriteAllTextAsync(project._folder.File("Program.cs"), source);
        await Cli.DotnetAsync(folder, store, "build", "-c", "Release", "-v", "quiet");
        return project;
    }

    public RunningProgram Start(params string[] arguments) => RunningProgram.Start(Program, _folder.Path, arguments);

    public void Dispose() => _folder.Dispose();
}
