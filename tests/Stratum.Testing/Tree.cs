namespace Stratum.Testing;

/// <summary>The source tree that these tests were built from.</summary>
public static class Tree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests were built.</summary>
    public static string Configuration { get; } = Built.Parent!.Name;

    // .../tests/Stratum.Samples.Tests/bin/Debug/net10.0
    private static DirectoryInfo Built => new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>A program as it was built together with these tests.</summary>
    /// <param name="project">Its folder from the root: samples/TinyProxy.</param>
    public static string Program(string project) =>
        Path.Combine(Root, project, "bin", Configuration, Built.Name, Path.GetFileName(project) + ".dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Stratum.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("No Stratum.slnx above the tests.");
        return folder.FullName;
    }
}
