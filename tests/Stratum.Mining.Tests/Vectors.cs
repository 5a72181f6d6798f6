using System.Text.Json;

namespace Stratum.Mining.Tests;

/// <summary>The worked vectors and the recorded templates and blocks.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Vectors");

    public static JsonElement Worked { get; } = Json("stratum-v1-vectors.json");

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file)).Trim();

    public static byte[] Bytes(string file) => Convert.FromHexString(Text(file));

    public static JsonElement Json(string file) => JsonDocument.Parse(Text(file)).RootElement;

    public static JsonElement Named(string prefix) => Worked.GetProperty("vectors").EnumerateArray()
        .First(vector => vector.GetProperty("name").GetString()!.StartsWith(prefix, StringComparison.Ordinal));
}
