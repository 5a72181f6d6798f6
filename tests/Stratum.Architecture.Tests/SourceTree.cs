namespace Stratum.Architecture.Tests;

/// <summary>The files that the tests read: the tree around them, without what was built.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> s_built = ["bin", "obj", "artifacts", "node_modules", "packages"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the tree.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Read(new DirectoryInfo(Root))];

    /// <summary>The C# of the product.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } =
        [.. All.Where(file => file.Path.StartsWith("src/") && file.Path.EndsWith(".cs"))];

    /// <summary>The C# of everything.</summary>
    public static IReadOnlyList<SourceFile> Code { get; } = [.. All.Where(file => file.Path.EndsWith(".cs"))];

    private static IEnumerable<SourceFile> Read(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => file.LinkTarget is null))
            yield return new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'));
        foreach (var inner in folder.EnumerateDirectories())
        {
            if (s_built.Contains(inner.Name) || inner.Name.StartsWith('.') && inner.Name != ".github" || inner.LinkTarget is not null)
                continue;
            foreach (var file in Read(inner))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Stratum.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("No Stratum.slnx above the tests.");
        return folder.FullName;
    }
}
