using System.Text.Json.Nodes;

namespace Stratum.Cli;

/// <summary>One JSON object a line on standard output, whole lines from any thread; none waits for a reader.</summary>
internal sealed class JsonLines(TextWriter output) : IDisposable
{
    private readonly LineOutput _lines = new(output, static count =>
        new JsonObject { ["event"] = "leftout", ["lines"] = count }.ToJsonString());

    public void Write(JsonObject value) => _lines.Write(value.ToJsonString());

    /// <summary>Waits until all is written, as long as somebody takes it.</summary>
    public void Dispose() => _lines.Dispose();
}
