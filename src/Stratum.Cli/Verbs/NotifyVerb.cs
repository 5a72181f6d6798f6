using System.CommandLine;

namespace Stratum.Cli;

/// <summary><c>notify</c>: what a coin daemon runs on a new block. It is Stratum.BlockNotify's program, and its options are too.</summary>
internal static class NotifyVerb
{
    public const string Name = "notify";

    /// <summary>For the list of verbs only.</summary>
    public static Command Create() =>
        new(Name, "Tell a pool's RPC server of a block, a wallet's transaction or an alert, as blocknotify does.");
}
