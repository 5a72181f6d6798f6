using System.Text.Json.Nodes;

namespace Stratum.Cli;

/// <summary>One JSON object a line on standard output, whole lines from any thread.</summary>
internal sealed class JsonLines(TextWriter output)
{
    private readonly Lock _gate = new();

    public void Write(JsonObject value)
    {
        var line = value.ToJsonString();
        lock (_gate)
        {
            try
            {
                output.WriteLine(line);
                output.Flush();
            }
            catch (IOException)
            {
                // The reader of the pipe has gone; the pool goes on.
            }
        }
    }
}
