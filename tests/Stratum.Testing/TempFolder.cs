namespace Stratum.Testing;

/// <summary>A folder that lives as long as its test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("stratum-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file as daemons write their cookie: nobody sees half of it.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name + ".tmp"), text);
        System.IO.File.Move(File(name + ".tmp"), File(name), overwrite: true);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
