using System.Text.Json.Nodes;

namespace Stratum.NotifyTime;

/// <summary>Copies of blocknotify whose runtime is set otherwise.</summary>
internal sealed class Variants : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stratum-notify-").FullName;

    /// <summary>Its path, with one property of its runtimeconfig changed; null takes it out.</summary>
    public string Make(string blocknotify, string property, JsonNode? value)
    {
        var source = Path.GetDirectoryName(blocknotify)!;
        var target = Directory.CreateDirectory(Path.Combine(_folder, $"{property} {value}")).FullName;
        foreach (var file in Directory.EnumerateFiles(source, "Stratum.BlockNotify*"))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        var config = Path.Combine(target, "Stratum.BlockNotify.runtimeconfig.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!;
        var properties = json["runtimeOptions"]!["configProperties"]!.AsObject();
        properties.Remove(property);
        if (value is not null)
            properties[property] = value;
        File.WriteAllText(config, json.ToJsonString());
        return Path.Combine(target, Path.GetFileName(blocknotify));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
