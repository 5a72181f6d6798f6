using Stratum.Testing;

namespace Stratum.Packages.Tests;

public sealed class ReproducibleTests
{
    // Builds everything twice: minutes.
    [Fact(Explicit = true)]
    public async Task Command_PackedInTwoFolders_HasTheSameBytes()
    {
        var first = await PackAsync("a");
        var second = await PackAsync("somewhere/else/with a blank");

        // All assemblies are in it.
        Assert.Equal(PackedFolder.Libraries.Concat(PackedFolder.Tools).Order(StringComparer.Ordinal),
            first.Assemblies.Select(one => Path.GetFileNameWithoutExtension(one.Path)).Order(StringComparer.Ordinal));
        var files = first.Files.Keys.Where(path => path.StartsWith("tools/", StringComparison.Ordinal));
        Assert.All(files, path => Assert.True(first.Files[path].AsSpan().SequenceEqual(second.Files[path]), path));
    }

    private static async Task<Package> PackAsync(string name)
    {
        using var folder = new TempFolder();
        var copy = folder.File(name);
        Copy(new DirectoryInfo(Tree.Root), copy, file => !file.Extension.Equals(".slnx"));
        Copy(new DirectoryInfo(Path.Combine(Tree.Root, "src")), Path.Combine(copy, "src"), _ => true, deep: true);
        await Cli.DotnetAsync(copy, null, "pack", "src/Stratum.Cli", "-c", "Release", "-o", folder.File("packages"), "-v", "quiet");
        return new Package(Assert.Single(Directory.EnumerateFiles(folder.File("packages"))));
    }

    private static void Copy(DirectoryInfo from, string to, Func<FileInfo, bool> wanted, bool deep = false)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles().Where(wanted).Where(file => file.Name != ".git"))
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var inner in deep ? from.EnumerateDirectories() : [])
            if (inner.Name is not ("bin" or "obj"))
                Copy(inner, Path.Combine(to, inner.Name), wanted, deep);
    }
}
