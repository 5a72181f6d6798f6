namespace Stratum.Samples.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Tree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The sample's program as it was built together with these tests.</summary>
    public static string Program(string sample)
    {
        // .../tests/Stratum.Samples.Tests/bin/Debug/net10.0
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, "samples", sample, "bin", framework.Parent!.Name, framework.Name, sample + ".dll");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Stratum.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("No Stratum.slnx above the tests.");
        return folder.FullName;
    }
}
