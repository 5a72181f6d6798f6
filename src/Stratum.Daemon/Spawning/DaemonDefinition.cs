using System.Diagnostics.CodeAnalysis;

namespace Stratum.Daemon;

/// <summary>What is known of a coin's daemon before it is started: names, ports, networks. It needs no
/// <see cref="Mining.Coin"/>: a daemon of a coin that is not mined here can be run, too.</summary>
/// <param name="Name">Of the coin, in lower case: <c>litecoin</c>.</param>
/// <param name="RpcPort">Its RPC port on the main network.</param>
public sealed record DaemonDefinition(string Name, int RpcPort)
{
    /// <summary>Bitcoin Core: 8332.</summary>
    public static DaemonDefinition Bitcoin { get; } = new("bitcoin", 8332)
    {
        Networks =
        [
            DaemonNetwork.Mainnet,
            new("testnet", "-testnet", "testnet3") { RpcPort = 18332 },
            new("signet", "-signet", "signet") { RpcPort = 38332 },
            DaemonNetwork.Regtest with { RpcPort = 18443 },
        ],
    };

    /// <summary>Litecoin Core: 9332.</summary>
    public static DaemonDefinition Litecoin { get; } = new("litecoin", 9332)
    {
        Networks =
        [
            DaemonNetwork.Mainnet,
            new("testnet", "-testnet", "testnet4") { RpcPort = 19332 },
            DaemonNetwork.Regtest with { RpcPort = 19443 },
        ],
    };

    /// <summary>Peercoin: 9902; <c>ppcoin</c> in its early days. A daemon only: its blocks are not built here.</summary>
    public static DaemonDefinition Peercoin { get; } = new("peercoin", 9902)
    {
        Aliases = ["ppcoin"],
        Networks =
        [
            DaemonNetwork.Mainnet,
            new("testnet", "-testnet", "testnet3") { RpcPort = 9904 },
            DaemonNetwork.Regtest with { RpcPort = 18443 },
        ],
    };

    /// <summary>Primecoin: 9912 (9911 is its peer port). A daemon only, as old as to know no cookie.</summary>
    public static DaemonDefinition Primecoin { get; } = new("primecoin", 9912) { WritesCookie = false };

    /// <summary>Those above.</summary>
    public static IReadOnlyList<DaemonDefinition> Known { get; } = [Bitcoin, Litecoin, Peercoin, Primecoin];

    /// <summary>Other names that it is found by.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What its program is called, to be looked up in PATH where no path is given.</summary>
    public string Program { get; init; } = Name + "d";

    /// <summary>Its own configuration file in its data folder.</summary>
    public string ConfigFile { get; init; } = Name + ".conf";

    /// <summary>The networks that it can follow; the first is what it follows by itself.</summary>
    public IReadOnlyList<DaemonNetwork> Networks { get; init; } = [DaemonNetwork.Mainnet];

    /// <summary>Whether it writes a cookie for those who may read its data folder (Bitcoin Core since 0.12).</summary>
    public bool WritesCookie { get; init; } = true;

    /// <summary>The known one of this name or alias, in any case.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out DaemonDefinition? definition)
    {
        definition = Known.FirstOrDefault(one =>
            one.Aliases.Prepend(one.Name).Contains(name, StringComparer.OrdinalIgnoreCase));
        return definition is not null;
    }

    /// <summary>The known one of this name or alias, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the text lists those that there are.</exception>
    public static DaemonDefinition Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryFind(name, out DaemonDefinition? definition)
            ? definition
            : throw new ArgumentException(
                $"No daemon {name} is known, only {string.Join(", ", Known.Select(one => one.Names))}: take one of them,"
                + " or give a DaemonDefinition of your own.");
    }

    /// <summary>Its network of this name.</summary>
    /// <exception cref="ArgumentException">It has none; the text lists those that it has.</exception>
    public DaemonNetwork FindNetwork(string name) =>
        Networks.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"{Name} has no network {name}, only {string.Join(", ", Networks.Select(one => one.Name))}.");

    /// <summary>The network with what is known of one of its name.</summary>
    internal DaemonNetwork Complete(DaemonNetwork network) => network.RpcPort is not null ? network : network with
    {
        RpcPort = network.Name == Networks[0].Name
            ? RpcPort : Networks.FirstOrDefault(one => one.Name == network.Name)?.RpcPort,
    };

    private string Names => Aliases.Count == 0 ? Name : $"{Name} ({string.Join(", ", Aliases)})";
}
