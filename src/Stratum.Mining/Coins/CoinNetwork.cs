namespace Stratum.Mining;

/// <summary>What differs between the networks of one coin.</summary>
public sealed record CoinNetwork
{
    /// <summary>What it is called here: mainnet, testnet, signet, regtest.</summary>
    public required string Name { get; init; }

    /// <summary>What the daemon calls it in <c>getblockchaininfo</c>: main, test, signet, regtest.</summary>
    public required string ChainName { get; init; }

    /// <summary>Version byte of base58 addresses that pay to a public key hash.</summary>
    public byte PublicKeyHashPrefix { get; init; }

    /// <summary>Version bytes of base58 addresses that pay to a script hash: the first is written, all read.</summary>
    public IReadOnlyList<byte> ScriptHashPrefixes { get; init; } = [];

    /// <summary>Human-readable part of bech32 addresses; null where there are none.</summary>
    public string? Bech32Prefix { get; init; }

    /// <summary>Id of its block 0, by which a daemon of another coin is told; null where it is not known.</summary>
    public Hash256? GenesisHash { get; init; }

    /// <summary>Rules that <c>getblocktemplate</c> is asked with beside the coin's.</summary>
    /// <value>Default none; <c>signet</c> where blocks are signed.</value>
    public IReadOnlyList<string> TemplateRules { get; init; } = [];

    /// <summary>The daemon's usual RPC port.</summary>
    public int RpcPort { get; init; }

    /// <summary>Whether a share may be harder than a block: regtest and simulated chains only.</summary>
    public bool DifficultyMayExceedNetwork { get; init; }
}
