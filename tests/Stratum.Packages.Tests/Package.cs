using System.IO.Compression;
using System.Xml.Linq;

namespace Stratum.Packages.Tests;

/// <summary>One .nupkg, read.</summary>
internal sealed class Package
{
    public Package(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            Files[entry.FullName] = content.ToArray();
        }
        var manifest = Files.Single(one => one.Key.EndsWith(".nuspec", StringComparison.Ordinal) && !one.Key.Contains('/'));
        Manifest = XDocument.Load(new MemoryStream(manifest.Value));
    }

    /// <summary>Path to bytes.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public XDocument Manifest { get; }

    public string Id => Metadata("id")!;

    public string Version => Metadata("version")!;

    /// <summary>Our own assemblies.</summary>
    public IEnumerable<(string Path, byte[] Bytes)> Assemblies => Files
        .Where(file => Path.GetFileName(file.Key).StartsWith("Stratum", StringComparison.Ordinal) && file.Key.EndsWith(".dll", StringComparison.Ordinal))
        .Select(file => (file.Key, file.Value));

    /// <summary>What comes with it, as NAME VERSION.</summary>
    public IEnumerable<string> Dependencies => Elements("dependency").Select(one => $"{one.Attribute("id")!.Value} {one.Attribute("version")!.Value}");

    public IEnumerable<string> Frameworks => Elements("frameworkReference").Select(one => one.Attribute("name")!.Value);

    public string? Metadata(string name) => Elements(name).FirstOrDefault()?.Value;

    public IEnumerable<XElement> Elements(string name) => Manifest.Descendants().Where(element => element.Name.LocalName == name);
}
