using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Stratum.Packages.Tests;

/// <summary>The symbols inside an assembly.</summary>
internal static class Symbols
{
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>The names of the source files, and their text; null where it is not there.</summary>
    public static IReadOnlyDictionary<string, byte[]?> Read(byte[] assembly)
    {
        using var image = new PEReader(ImmutableArray.Create(assembly));
        var entry = image.ReadDebugDirectory().Single(one => one.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        var reader = provider.GetMetadataReader();
        return reader.Documents.ToDictionary(handle => reader.GetString(reader.GetDocument(handle).Name), handle => Source(reader, handle));
    }

    private static byte[]? Source(MetadataReader reader, DocumentHandle document)
    {
        foreach (var handle in reader.GetCustomDebugInformation(document))
        {
            var information = reader.GetCustomDebugInformation(handle);
            if (reader.GetGuid(information.Kind) != s_embeddedSource)
                continue;
            // Portable PDB 1.0, "Embedded Source": 0 and the bytes, or their number and the bytes deflated.
            var blob = reader.GetBlobBytes(information.Value);
            if (BitConverter.ToInt32(blob) == 0)
                return blob[sizeof(int)..];
            using var inflated = new MemoryStream();
            using var deflated = new DeflateStream(new MemoryStream(blob, sizeof(int), blob.Length - sizeof(int)), CompressionMode.Decompress);
            deflated.CopyTo(inflated);
            return inflated.ToArray();
        }
        return null;
    }
}
