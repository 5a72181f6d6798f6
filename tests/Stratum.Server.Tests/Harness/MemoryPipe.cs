using System.IO.Pipelines;

namespace Stratum.Server.Tests;

/// <summary>One end of a connection in memory.</summary>
internal sealed class MemoryPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;

    public static (MemoryPipe Ours, MemoryPipe Theirs) Pair()
    {
        var up = new Pipe();
        var down = new Pipe();
        return (new MemoryPipe(down.Reader, up.Writer), new MemoryPipe(up.Reader, down.Writer));
    }
}
