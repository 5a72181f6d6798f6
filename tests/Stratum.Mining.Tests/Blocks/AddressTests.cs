namespace Stratum.Mining.Tests;

public class AddressTests
{
    private const string Hash = "751e76e8199196d454941c45d1b3a323f1433bd6";
    private const string Key = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string KeyScript = "76a914" + Hash + "88ac";
    private const string ScriptScript = "a914" + Hash + "87";
    private const string Checksum = "its checksum is wrong";
    private const string Mixed = "it mixes up bech32 and bech32m";

    [Theory]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "bitcoin", "mainnet", AddressKind.PublicKeyHash, KeyScript)]
    [InlineData("3CNHUhP3uyB9EUtRLsmvFUmvGdjGdkTxJw", "bitcoin", "mainnet", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "bitcoin", "testnet", AddressKind.PublicKeyHash, KeyScript)]
    [InlineData("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "bitcoin", "signet", AddressKind.PublicKeyHash, KeyScript)]
    [InlineData("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "bitcoin", "regtest", AddressKind.PublicKeyHash, KeyScript)]
    [InlineData("2N3vVYSK5XRgVSGWy21PnsRmBUywSQNdCsf", "bitcoin", "regtest", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ", "litecoin", "mainnet", AddressKind.PublicKeyHash, KeyScript)]
    [InlineData("MJaRnao1s62a2zAKSkmG582KbLKianqb7v", "litecoin", "mainnet", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("3CNHUhP3uyB9EUtRLsmvFUmvGdjGdkTxJw", "litecoin", "mainnet", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "litecoin", "testnet", AddressKind.PublicKeyHash, KeyScript)]
    [InlineData("QXHFfTBKYXjaaTH1e7Rox8CcdNPGHVhM59", "litecoin", "testnet", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("QXHFfTBKYXjaaTH1e7Rox8CcdNPGHVhM59", "litecoin", "regtest", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("2N3vVYSK5XRgVSGWy21PnsRmBUywSQNdCsf", "litecoin", "regtest", AddressKind.ScriptHash, ScriptScript)]
    [InlineData("1111111111111111111114oLvT2", "bitcoin", "mainnet", AddressKind.PublicKeyHash,
        "76a914000000000000000000000000000000000000000088ac")]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin", "mainnet", AddressKind.PublicKeyHash,
        "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac")]
    [InlineData("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bitcoin", "mainnet", AddressKind.ScriptHash,
        "a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb87")]
    public void Parse_Base58_PaysItsScript(string text, string coin, string network, AddressKind kind, string script) =>
        Check(text, coin, network, kind, script);

    // BIP 173 and BIP 350, and the same program on every network that has a prefix of its own.
    [Theory]
    [InlineData("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bitcoin", "mainnet", "0014" + Hash)]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bitcoin", "mainnet", "0014" + Hash)]
    [InlineData("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "bitcoin", "testnet", "0014" + Hash)]
    [InlineData("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "bitcoin", "signet", "0014" + Hash)]
    [InlineData("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "bitcoin", "regtest", "0014" + Hash)]
    [InlineData("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "litecoin", "mainnet", "0014" + Hash)]
    [InlineData("tltc1qw508d6qejxtdg4y5r3zarvary0c5xw7klfsuq0", "litecoin", "testnet", "0014" + Hash)]
    [InlineData("rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7k693xs3", "litecoin", "regtest", "0014" + Hash)]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "bitcoin", "testnet",
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262", AddressKind.WitnessScriptHash)]
    [InlineData("tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", "bitcoin", "testnet",
        "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433", AddressKind.WitnessScriptHash)]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin", "mainnet",
        "5120" + Key, AddressKind.Taproot)]
    [InlineData("tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", "bitcoin", "testnet",
        "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433", AddressKind.Taproot)]
    [InlineData("rltc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqsyzyjh", "litecoin", "regtest",
        "5120" + Key, AddressKind.Taproot)]
    [InlineData("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "bitcoin", "mainnet",
        "5128" + Hash + Hash, AddressKind.WitnessUnknown)]
    [InlineData("BC1SW50QGDZ25J", "bitcoin", "mainnet", "6002751e", AddressKind.WitnessUnknown)]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "bitcoin", "mainnet", "5210751e76e8199196d454941c45d1b3a323",
        AddressKind.WitnessUnknown)]
    public void Parse_Bech32_PaysItsScript(string text, string coin, string network, string script,
        AddressKind kind = AddressKind.WitnessPublicKeyHash) => Check(text, coin, network, kind, script);

    [Theory]
    // BIP 173
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", Checksum)]
    [InlineData("BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2", Mixed)]
    [InlineData("bc1rw5uspcuh", Mixed)]
    [InlineData("bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90", Mixed)]
    [InlineData("BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "version 0 cannot have 16 bytes")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7", "upper and lower case", "testnet")]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du", Mixed)]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv", "padding", "testnet")]
    // BIP 350
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", Mixed)]
    [InlineData("tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", Mixed, "testnet")]
    [InlineData("BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", Mixed)]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", Mixed)]
    [InlineData("tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", Mixed, "testnet")]
    [InlineData("bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "'o' is not a bech32 character")]
    [InlineData("BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "no witness version 17")]
    [InlineData("bc1pw5dgrnzv", "version 1 cannot have 1 bytes")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", "cannot have 41 bytes")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "upper and lower case", "testnet")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "padding")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "padding", "testnet")]
    [InlineData("bc1gmk9yu", "too short")]
    // Ours
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("bc1", "too short")]
    [InlineData("hello1world", "begins with 'hello1', not 'bc1'")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7\u212Av8f3t4", "'\u212A' is not a bech32 character")]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMh", Checksum)]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAM0", "'0' is not a base58 character")]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAM", Checksum)]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26S", "length")]
    [InlineData("111BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "length")]
    [InlineData("13RJa7YdZQz3JHotw6gx1sco2AAPDrMZM", "length")]
    [InlineData("AhAwjFEKrnwmLW5xSj7G2ubG817ZapGW8ic", "length")]
    [InlineData("11111111111111111111111111111111111111111", "too long")]
    [InlineData("worker.1", "'.' is not a base58 character")]
    public void Parse_NotAnAddress_SaysWhy(string text, string why, string network = "mainnet")
    {
        var error = Assert.Throws<FormatException>(() => Parse(text, "bitcoin", network));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(text.Trim(), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "bitcoin", "mainnet", "bitcoin testnet or signet")]
    [InlineData("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "bitcoin", "testnet", "bitcoin regtest")]
    [InlineData("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "bitcoin", "mainnet", "bitcoin testnet or signet or regtest")]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "bitcoin", "regtest", "bitcoin mainnet")]
    [InlineData("LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ", "bitcoin", "mainnet", "litecoin mainnet")]
    [InlineData("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "bitcoin", "mainnet", "litecoin mainnet")]
    [InlineData("LTC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KGMN4N9", "bitcoin", "mainnet", "litecoin mainnet")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "litecoin", "mainnet", "bitcoin mainnet")]
    [InlineData("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "litecoin", "mainnet", "bitcoin mainnet")]
    [InlineData("rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7k693xs3", "litecoin", "mainnet", "litecoin regtest")]
    [InlineData("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "litecoin", "mainnet", "litecoin testnet or regtest")]
    public void Parse_OfAnotherNetwork_NamesIt(string text, string coin, string network, string owner)
    {
        var error = Assert.Throws<FormatException>(() => Parse(text, coin, network));
        Assert.Equal($"'{text}' is an address of {owner}, not of {coin} {network}.", error.Message);
    }

    [Theory]
    [InlineData("DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE", "its version byte 30")]
    [InlineData("tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", "begins with 'tc1', not 'bc1'")]
    public void Parse_OfAnUnknownCoin_SaysWhatItHas(string text, string why)
    {
        var error = Assert.Throws<FormatException>(() => Parse(text, "bitcoin", "mainnet"));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ltcmweb1qgys8lu7cdxlpcmqu3wx5pppqcdmpwulwkwwajp6xtj84mvnjlez70e6thh9ux2ehlp7zne22wqvwekka3qc"
        + "gdmr7hv6lk6kq4apwtt9szyx802gk", "mainnet")]
    [InlineData("tmweb1qgys8lu7cdxlpcmqu3wx5pppqcdmpwulwkwwajp6xtj84mvnjlez70e6thh9ux2ehlp7zne22wqvwekka3qc"
        + "gdmr7hv6lk6kq4apwtt9szy8wwa5p", "regtest")]
    public void Parse_Mweb_SaysThatACoinbaseCannotPayIt(string text, string network)
    {
        var error = Assert.Throws<FormatException>(() => Parse(text, "litecoin", network));
        Assert.Contains("is an MWEB address, which a coinbase cannot pay", error.Message, StringComparison.Ordinal);
        Assert.Contains("is an address of litecoin",
            Assert.Throws<FormatException>(() => Parse(text, "bitcoin", "mainnet")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EveryMistypedCharacter_IsNoticed()
    {
        var network = Coin.Bitcoin.Networks[0];
        foreach (var text in new[]
        {
            "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        })
        {
            for (var i = 0; i < text.Length; i++)
            {
                foreach (var character in "023456789acdefghjklmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ1bio _\u00e9")
                {
                    var typo = text[..i] + character + text[(i + 1)..];
                    if (typo != text)
                        Assert.False(Address.TryParse(typo, Coin.Bitcoin, network, out _, out _), typo);
                }
                Assert.False(Address.TryParse(text[..i], Coin.Bitcoin, network, out _, out _));
            }
        }
    }

    [Fact]
    public void TryParse_LongText_QuotesItsBeginning()
    {
        Assert.False(Address.TryParse(
            new string('1', 100_000), Coin.Bitcoin, Coin.Bitcoin.Networks[0], out var address, out var error));
        Assert.Null(address);
        Assert.True(error.Length < 200);
        Assert.False(Address.TryParse(
            new string('a', 50_000) + "1q", Coin.Bitcoin, Coin.Bitcoin.Networks[0], out _, out error));
        Assert.True(error.Length < 300);
        Assert.False(Address.TryParse(null, Coin.Bitcoin, Coin.Bitcoin.Networks[0], out _, out error));
    }

    [Fact]
    public void Parse_Blanks_AreTrimmed()
    {
        const string Text = "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH";
        Assert.Equal(Text, Parse($" {Text}\r\n", "bitcoin", "mainnet").Text);
    }

    [Fact]
    public void Equals_ParsedTwice_IsTrue()
    {
        var address = Parse("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "bitcoin", "mainnet");
        var same = Parse("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "bitcoin", "mainnet");
        Assert.Equal(address, same);
        Assert.Equal(address.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(address, Parse("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin", "mainnet"));
        Assert.Equal(address.Text, address.ToString());
    }

    [Fact]
    public void FromPublicKeyHash_EveryNetwork_RoundTrips()
    {
        var hash = Convert.FromHexString(Hash);
        foreach (var coin in Coin.Known)
        {
            foreach (var network in coin.Networks)
            {
                var address = Address.FromPublicKeyHash(hash, network);
                Assert.Equal(AddressKind.WitnessPublicKeyHash, address.Kind);
                Assert.Equal(address, Address.Parse(address.Text, coin, network));
                var legacy = Address.FromPublicKeyHash(hash, network with { Bech32Prefix = null });
                Assert.Equal(AddressKind.PublicKeyHash, legacy.Kind);
                Assert.Equal(legacy, Address.Parse(legacy.Text, coin, network));
            }
        }
        Assert.Throws<ArgumentException>(() => Address.FromPublicKeyHash(hash.AsSpan(1), Coin.Bitcoin.Networks[0]));
    }

    [Fact]
    public void FromWitnessProgram_EveryVersionAndLength_RoundTripsOrThrows()
    {
        var random = new Random(12);
        var network = Coin.Litecoin.GetNetwork("regtest");
        for (var version = -1; version <= 17; version++)
        {
            for (var length = 0; length <= 42; length++)
            {
                var program = new byte[length];
                random.NextBytes(program);
                var valid = version is >= 0 and <= 16
                    && (version == 0 ? length is 20 or 32 : length is >= 2 and <= 40);
                if (!valid)
                {
                    Assert.Throws<ArgumentException>(() => Address.FromWitnessProgram(version, program, network));
                    continue;
                }
                var address = Address.FromWitnessProgram(version, program, network);
                Assert.Equal(address, Address.Parse(address.Text, Coin.Litecoin, network));
                Assert.Equal(address, Address.FromScript(address.ScriptPubKey.Span, network));
            }
        }
        Assert.Throws<ArgumentException>(
            () => Address.FromWitnessProgram(1, new byte[32], network with { Bech32Prefix = null }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("51")]
    [InlineData("6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9")]
    [InlineData("76a914" + Hash + "88")]
    [InlineData("76a915" + Hash + "0088ac")]
    [InlineData("a914" + Hash + "88")]
    [InlineData("0015" + Hash + "00")]
    [InlineData("0014" + Hash + "00")]
    [InlineData("5101ff")]
    [InlineData("6102ffff")]
    public void FromScript_NoStandardOutput_IsNull(string script) =>
        Assert.Null(Address.FromScript(Convert.FromHexString(script), Coin.Bitcoin.Networks[0]));

    [Fact]
    public void FromScript_NetworkWithoutTheKind_IsNull()
    {
        var network = Coin.Bitcoin.Networks[0] with { Bech32Prefix = null, ScriptHashPrefixes = [] };
        Assert.Null(Address.FromScript(Convert.FromHexString("0014" + Hash), network));
        Assert.Null(Address.FromScript(Convert.FromHexString(ScriptScript), network));
        var address = Address.FromScript(Convert.FromHexString(KeyScript), network);
        Assert.Equal("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", address?.Text);
    }

    private static Address Parse(string text, string coin, string network)
    {
        Assert.True(Coin.TryFind(coin, out var found));
        return Address.Parse(text, found, found.GetNetwork(network));
    }

    private static void Check(string text, string coin, string network, AddressKind kind, string script)
    {
        var address = Parse(text, coin, network);
        Assert.Equal(text, address.Text);
        Assert.Equal(kind, address.Kind);
        Assert.Equal(script, Convert.ToHexStringLower(address.ScriptPubKey.Span));
    }
}
