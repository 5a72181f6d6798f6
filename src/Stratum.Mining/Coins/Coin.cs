using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>
/// What differs from coin to coin: data, and functions for proof of work, coinbase hash and block id. A coin that is
/// not known here is made with the initializer and needs no change of the library.
/// </summary>
public sealed record Coin
{
    /// <summary>Smallest units in a coin, of all coins that kept Bitcoin's.</summary>
    internal const long SmallestUnits = 100_000_000;

    /// <summary>Lower-case name: bitcoin.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the proof of work: sha256d, scrypt.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Header to proof-of-work hash.</summary>
    public required HashFunction ProofOfWork { get; init; }

    /// <summary>Coinbase without witness to the leaf of the merkle tree.</summary>
    /// <value>Default sha256d.</value>
    public HashFunction CoinbaseHash { get; init; } = Sha256d.Hash;

    /// <summary>Header to block id.</summary>
    /// <value>Default sha256d.</value>
    public HashFunction BlockId { get; init; } = Sha256d.Hash;

    /// <summary>Factor of the target of difficulty 1: 1 for sha256d, 65536 for scrypt.</summary>
    /// <value>Default 1.</value>
    public uint DifficultyScale { get; init; } = 1;

    /// <summary>Version bits that miners may roll; 0 where the version carries meaning.</summary>
    /// <value>Default 0.</value>
    public uint VersionMask { get; init; }

    /// <summary>
    /// The most that a block creates, in the smallest unit; null where it is not known, or where fees do not go to the
    /// miner: then what a template says about its value is taken as it is.
    /// </summary>
    /// <value>Default null; 50 coins for Bitcoin and Litecoin, what their first blocks created.</value>
    public long? MaxSubsidy { get; init; }

    /// <summary>
    /// Whether a template's transactions have Bitcoin's form and ids (BIP 141, 144; Litecoin's HogEx is known), so that
    /// <see cref="TemplateCheck"/> can hash them.
    /// </summary>
    /// <value>Default false, so that no coin of another form is refused; true for the built-in coins.</value>
    public bool ChecksTransactions { get; init; }

    /// <summary>Rules that <c>getblocktemplate</c> is asked with.</summary>
    /// <value>Default segwit.</value>
    public IReadOnlyList<string> TemplateRules { get; init; } = ["segwit"];

    /// <summary>The networks; the first is the main one.</summary>
    public required IReadOnlyList<CoinNetwork> Networks { get; init; }

    /// <summary>
    /// Bech32 prefixes of addresses that a coinbase cannot pay, each with the rest of the sentence that begins with the
    /// address: "is an MWEB address, which ...".
    /// </summary>
    public IReadOnlyDictionary<string, string> RefusedAddresses { get; init; } = new Dictionary<string, string>();

    /// <summary>Builds the coinbase.</summary>
    [Experimental("STRATUM001")]
    public Func<CoinbaseRequest, Coinbase> CoinbaseBuilder { get; init; } = Mining.CoinbaseBuilder.Build;

    /// <summary>Puts the block together.</summary>
    [Experimental("STRATUM001")]
    public BlockSerializer BlockSerializer { get; init; } = Block.Assemble;

    /// <summary>Bitcoin: sha256d; version rolling by BIP 320.</summary>
    public static Coin Bitcoin { get; } = new()
    {
        Name = "bitcoin",
        Algorithm = "sha256d",
        ProofOfWork = Sha256d.Hash,
        VersionMask = 0x1fffe000,
        MaxSubsidy = 50 * SmallestUnits,
        ChecksTransactions = true,
        Networks =
        [
            new()
            {
                Name = "mainnet", ChainName = "main", PublicKeyHashPrefix = 0, ScriptHashPrefixes = [5],
                Bech32Prefix = "bc", RpcPort = 8332,
                GenesisHash = Hash256.Parse("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"),
            },
            new()
            {
                Name = "testnet", ChainName = "test", PublicKeyHashPrefix = 111, ScriptHashPrefixes = [196],
                Bech32Prefix = "tb", RpcPort = 18332,
                GenesisHash = Hash256.Parse("000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943"),
            },
            new()
            {
                Name = "signet", ChainName = "signet", PublicKeyHashPrefix = 111, ScriptHashPrefixes = [196],
                Bech32Prefix = "tb", RpcPort = 38332, TemplateRules = ["signet"],
                GenesisHash = Hash256.Parse("00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6"),
            },
            new()
            {
                Name = "regtest", ChainName = "regtest", PublicKeyHashPrefix = 111, ScriptHashPrefixes = [196],
                Bech32Prefix = "bcrt", RpcPort = 18443, DifficultyMayExceedNetwork = true,
                GenesisHash = Hash256.Parse("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"),
            },
        ],
    };

    /// <summary>Litecoin: scrypt, sha256d for ids; the version signals MWEB and is not rolled.</summary>
    public static Coin Litecoin { get; } = new()
    {
        Name = "litecoin",
        Algorithm = "scrypt",
        ProofOfWork = Scrypt.Hash,
        DifficultyScale = 65536,
        TemplateRules = ["mweb", "segwit"],
        MaxSubsidy = 50 * SmallestUnits,
        ChecksTransactions = true,
        RefusedAddresses = new Dictionary<string, string>
        {
            ["ltcmweb"] = "is an MWEB address, which a coinbase cannot pay; use an ltc1, L or M address",
            ["tmweb"] = "is an MWEB address, which a coinbase cannot pay; use a tltc1 or rltc1 address",
        },
        Networks =
        [
            new()
            {
                Name = "mainnet", ChainName = "main", PublicKeyHashPrefix = 48, ScriptHashPrefixes = [50, 5],
                Bech32Prefix = "ltc", RpcPort = 9332,
                GenesisHash = Hash256.Parse("12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2"),
            },
            new()
            {
                Name = "testnet", ChainName = "test", PublicKeyHashPrefix = 111, ScriptHashPrefixes = [58, 196],
                Bech32Prefix = "tltc", RpcPort = 19332,
                GenesisHash = Hash256.Parse("4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0"),
            },
            new()
            {
                Name = "regtest", ChainName = "regtest", PublicKeyHashPrefix = 111, ScriptHashPrefixes = [58, 196],
                Bech32Prefix = "rltc", RpcPort = 19443, DifficultyMayExceedNetwork = true,
                GenesisHash = Hash256.Parse("530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"),
            },
        ],
    };

    /// <summary>The coins that are built in.</summary>
    public static IReadOnlyList<Coin> Known { get; } = [Bitcoin, Litecoin];

    /// <summary>A built-in coin by its name, in any case.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Coin? coin)
    {
        coin = Known.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return coin is not null;
    }

    /// <summary>A network by its name or by what the daemon calls it, in any case.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the text lists those that there are.</exception>
    public CoinNetwork GetNetwork(string name) =>
        Networks.FirstOrDefault(network => network.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || network.ChainName.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"{Name} has no network '{name}'; it has {string.Join(", ", Networks.Select(network => network.Name))}.",
            nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
