#pragma warning disable STRATUM001 // these tests are about the experimental members too

namespace Stratum.Mining.Tests;

public class CoinTests
{
    // Base58 only but for a prefix with digits, a proof of work of its own, another block layout.
    private static readonly Coin s_unknown = new()
    {
        Name = "newcoin",
        Algorithm = "sum",
        ProofOfWork = (data, hash) => hash.Fill(data[0]),
        DifficultyScale = 256,
        CoinbaseBuilder = request => new Coinbase(new byte[] { 1 }, new byte[] { 2 }, request.ExtranonceSize, false),
        BlockSerializer = (header, coinbase, _) => [.. coinbase, .. header],
        RefusedAddresses = new Dictionary<string, string> { ["hidden"] = "is hidden" },
        Networks =
        [
            new CoinNetwork
            {
                Name = "mainnet", ChainName = "main", PublicKeyHashPrefix = 30, ScriptHashPrefixes = [22],
                Bech32Prefix = "n3w",
            },
            new CoinNetwork { Name = "regtest", ChainName = "regtest", PublicKeyHashPrefix = 111 },
        ],
    };

    [Fact]
    public void Bitcoin_Data_IsAsDesigned()
    {
        var coin = Coin.Bitcoin;
        Assert.Equal(("bitcoin", "sha256d", 1u, 0x1fffe000u),
            (coin.Name, coin.Algorithm, coin.DifficultyScale, coin.VersionMask));
        Assert.Equal(["segwit"], coin.TemplateRules);
        Assert.Equal((5_000_000_000, true), (coin.MaxSubsidy, coin.ChecksTransactions));
        Assert.Equal(["mainnet", "testnet", "signet", "regtest"], coin.Networks.Select(network => network.Name));
        Assert.Equal(["main", "test", "signet", "regtest"], coin.Networks.Select(network => network.ChainName));
        Assert.Equal([8332, 18332, 38332, 18443], coin.Networks.Select(network => network.RpcPort));
        Assert.Equal([false, false, false, true], coin.Networks.Select(network => network.DifficultyMayExceedNetwork));
    }

    [Fact]
    public void Litecoin_Data_IsAsDesigned()
    {
        var coin = Coin.Litecoin;
        Assert.Equal(("litecoin", "scrypt", 65536u, 0u),
            (coin.Name, coin.Algorithm, coin.DifficultyScale, coin.VersionMask));
        Assert.Equal(["mweb", "segwit"], coin.TemplateRules);
        Assert.Equal((5_000_000_000, true), (coin.MaxSubsidy, coin.ChecksTransactions));
        Assert.Equal(["mainnet", "testnet", "regtest"], coin.Networks.Select(network => network.Name));
        Assert.Equal(["main", "test", "regtest"], coin.Networks.Select(network => network.ChainName));
        Assert.Equal([9332, 19332, 19443], coin.Networks.Select(network => network.RpcPort));
        Assert.Equal([false, false, true], coin.Networks.Select(network => network.DifficultyMayExceedNetwork));
    }

    [Fact]
    public void Functions_RecordedLitecoinBlock_ScryptForWorkAndSha256dForTheId()
    {
        var vector = Vectors.Named("V2");
        var header = Convert.FromHexString(vector.GetProperty("result").GetProperty("header").GetString()!);
        Assert.Equal(vector.GetProperty("result").GetProperty("pow_hash_display").GetString(),
            Hash(Coin.Litecoin.ProofOfWork, header));
        Assert.Equal(vector.GetProperty("result").GetProperty("block_hash").GetString(),
            Hash(Coin.Litecoin.BlockId, header));
        Assert.Equal(Hash(Coin.Bitcoin.ProofOfWork, header), Hash(Coin.Litecoin.CoinbaseHash, header));
    }

    [Theory]
    [InlineData("bitcoin")]
    [InlineData("Litecoin")]
    public void TryFind_KnownName_FindsInAnyCase(string name)
    {
        Assert.True(Coin.TryFind(name, out var coin));
        Assert.Equal(name, coin.Name, ignoreCase: true);
        Assert.Equal(coin.Name, coin.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("newcoin")]
    public void TryFind_UnknownName_Fails(string name) => Assert.False(Coin.TryFind(name, out _));

    [Theory]
    [InlineData("mainnet", "mainnet")]
    [InlineData("main", "mainnet")]
    [InlineData("TEST", "testnet")]
    [InlineData("signet", "signet")]
    public void GetNetwork_NameOrChain_FindsIt(string name, string network) =>
        Assert.Equal(network, Coin.Bitcoin.GetNetwork(name).Name);

    [Fact]
    public void GetNetwork_Unknown_ListsWhatThereIs()
    {
        var error = Assert.Throws<ArgumentException>(() => Coin.Litecoin.GetNetwork("signet"));
        Assert.Contains("mainnet, testnet, regtest", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE")]
    [InlineData(null)]
    public void Address_UnknownCoin_IsReadAndWritten(string? text)
    {
        var network = s_unknown.Networks[0];
        text ??= Address.FromPublicKeyHash(new byte[20], network).Text;
        Assert.Equal(text, Address.Parse(text, s_unknown, network).Text);
        var error = Assert.Throws<FormatException>(() => Address.Parse(text, s_unknown, s_unknown.Networks[1]));
        Assert.Equal($"'{text}' is an address of newcoin mainnet, not of newcoin regtest.", error.Message);
    }

    [Fact]
    public void Address_UnknownCoinsRefusal_IsItsOwn()
    {
        var error = Assert.Throws<FormatException>(
            () => Address.Parse("hidden1" + new string('q', 100), s_unknown, s_unknown.Networks[0]));
        Assert.EndsWith("is hidden.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_NetworkWithoutBech32_SaysSo()
    {
        var error = Assert.Throws<FormatException>(
            () => Address.Parse("abc1qqqqqq", s_unknown, s_unknown.Networks[1]));
        Assert.Contains("newcoin regtest has none in bech32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_UnknownCoin_CheckNothingOfItsTransactions() =>
        Assert.Equal((null, false), (s_unknown.MaxSubsidy, s_unknown.ChecksTransactions));

    [Fact]
    public void Functions_UnknownCoin_AreTheOnesThatWereGiven()
    {
        Assert.Equal(string.Concat(Enumerable.Repeat("07", 32)), Hash(s_unknown.ProofOfWork, [7]));
        var template = BlockTemplate.FromJson(Vectors.Json("bitcoin-gbt-h102-empty.json"));
        Assert.Equal([3, 4], s_unknown.BlockSerializer([4], [3], template));
        var request = new CoinbaseRequest { Height = 1, ExtranonceSize = 1, Outputs = [] };
        Assert.Equal([1, 9, 2], s_unknown.CoinbaseBuilder(request).Assemble(default, new Extranonce([9]), false));
    }

    private static string Hash(HashFunction function, ReadOnlySpan<byte> data)
    {
        var hash = new byte[32];
        function(data, hash);
        return new Hash256(hash).ToString();
    }
}
