namespace Stratum.Server.Tests;

/// <summary>What carries a session; every session test runs over all of them.</summary>
public static class Drivers
{
    public const string Memory = "memory";
    public const string Socket = "socket";

    public static TheoryData<string> All => [Memory, Socket];
}
