namespace Stratum.Daemon;

/// <summary>One network of a coin, as its daemon is told to follow it.</summary>
/// <param name="Name">What it is called here: mainnet, testnet, signet, regtest; the
/// <see cref="Mining.CoinNetwork.Name"/> of a coin that is mined.</param>
/// <param name="Argument">What selects it, <c>-regtest</c>; null where nothing has to.</param>
/// <param name="Folder">Where below its data folder the daemon keeps this network, <c>regtest</c>; empty: right there.
/// Its cookie and its lock are looked for in it.</param>
public sealed record DaemonNetwork(string Name, string? Argument = null, string Folder = "")
{
    /// <summary>The coin's main network: no argument, no folder of its own.</summary>
    public static DaemonNetwork Mainnet { get; } = new("mainnet");

    /// <summary>A private chain whose blocks anybody can make.</summary>
    public static DaemonNetwork Regtest { get; } = new("regtest", "-regtest", "regtest");

    /// <summary>Where its daemon's RPC server listens when nothing says otherwise: a daemon that somebody else started
    /// is looked for there.</summary>
    /// <value>None: <see cref="SpawnedDaemonOptions.For"/> gives what the coin's definition knows.</value>
    public int? RpcPort { get; init; }

    /// <summary>The section of a configuration file that counts for this network only.</summary>
    internal string Section => Name switch
    {
        "mainnet" => "main",
        "testnet" => "test",
        _ => Name,
    };
}
