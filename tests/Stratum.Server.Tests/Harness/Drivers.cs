namespace Stratum.Server.Tests;

/// <summary>What carries a session; every session test runs over all of them.</summary>
public static class Drivers
{
    public const string Memory = "memory";
    public const string Pipe = "pipe";
    public const string Loop = "loop";

    /// <summary>The loop, with handlers on its own thread.</summary>
    public const string InlineLoop = "inline loop";

    public static TheoryData<string> All => [Memory, Pipe, Loop, InlineLoop];

    public static TheoryData<string> Sockets => [Pipe, Loop, InlineLoop];
}
