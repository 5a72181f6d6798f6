using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Mining.Tests;

public class BlockTemplateTests
{
    public static TheoryData<string> Files => new(
        Directory.GetFiles(Vectors.Folder, "*-gbt-*.json").Select(Path.GetFileName)!);

    [Theory]
    [MemberData(nameof(Files))]
    public void FromJson_RecordedTemplate_ReadsEveryMember(string file)
    {
        var json = Vectors.Json(file);
        var template = BlockTemplate.FromJson(json);
        Assert.Equal(json.GetProperty("version").GetUInt32(), template.Version);
        Assert.Equal(json.GetProperty("previousblockhash").GetString(), template.PreviousBlock.ToString());
        Assert.Equal(json.GetProperty("coinbasevalue").GetInt64(), template.CoinbaseValue);
        Assert.Equal(json.GetProperty("bits").GetString(), template.Bits.ToString());
        Assert.Equal(json.GetProperty("target").GetString(), template.Bits.ToTarget().ToString());
        Assert.Equal(json.GetProperty("target").GetString(), template.Target.ToString());
        Assert.Equal(0u, template.VersionBitsRequired | template.VersionBitsAvailable);
        Assert.Null(template.SignetChallenge);
        Assert.Equal(json.GetProperty("curtime").GetUInt32(), template.CurTime);
        Assert.Equal(json.GetProperty("mintime").GetUInt32(), template.MinTime);
        Assert.Equal(json.GetProperty("height").GetInt64(), template.Height);
        Assert.Equal(json.GetProperty("longpollid").GetString(), template.LongPollId);
        Assert.Equal(json.GetProperty("rules").EnumerateArray().Select(rule => rule.GetString()!), template.Rules);
        Assert.Equal(json.TryGetProperty("mweb", out var mweb) ? mweb.GetString() : null, Hex(template.Mweb));
        Assert.Equal(json.GetProperty("default_witness_commitment").GetString(), Hex(template.WitnessCommitment));
        Assert.True(template.CoinbaseAux.IsEmpty);
        Assert.Equal(json.GetProperty("transactions").GetArrayLength(), template.Transactions.Count);
        var transactions = json.GetProperty("transactions").EnumerateArray();
        foreach (var (expected, transaction) in transactions.Zip(template.Transactions))
        {
            Assert.Equal(expected.GetProperty("data").GetString(), Hex(transaction.Data));
            Assert.Equal(expected.GetProperty("txid").GetString(), transaction.TxId.ToString());
            Assert.Equal(expected.GetProperty("hash").GetString(), transaction.WitnessHash.ToString());
            Assert.Equal(expected.GetProperty("fee").GetInt64(), transaction.Fee);
            Assert.Equal(expected.GetProperty("weight").GetInt64(), transaction.Weight);
            Assert.Equal(expected.GetProperty("sigops").GetInt32(), transaction.Sigops);
        }
    }

    // BIP 141: sha256d of the root over the wtxids, the coinbase's being zero, and 32 zero bytes of witness.
    [Theory]
    [MemberData(nameof(Files))]
    public void WitnessCommitment_RecordedTemplate_FollowsFromTheWitnessHashes(string file)
    {
        var template = BlockTemplate.FromJson(Vectors.Json(file));
        var root = MerkleBranch.RootOf([Hash256.Zero, .. template.Transactions.Select(one => one.WitnessHash)]);
        var commitment = Sha256d.HashPair(root, Hash256.Zero);
        Assert.Equal(
            "6a24aa21a9ed" + Convert.ToHexStringLower(commitment.ToArray()), Hex(template.WitnessCommitment));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void WitnessHash_RecordedTemplate_IsThatOfItsData(string file)
    {
        var template = BlockTemplate.FromJson(Vectors.Json(file));
        // Litecoin's HogEx (flag 08) is hashed in a way of its own.
        foreach (var one in template.Transactions.Where(one => one.Data.Span[5] != 0x08 || one.Data.Span[4] != 0))
            Assert.Equal(Sha256d.Hash(one.Data.Span), one.WitnessHash);
    }

    [Theory]
    [MemberData(nameof(RecordedBlock.Files), MemberType = typeof(RecordedBlock))]
    public void TxIds_RecordedBlock_GiveItsMerkleRoot(string block, string template)
    {
        var recorded = new RecordedBlock(block, template);
        // The coinbase without marker, flag and witness is what has the id.
        byte[] stripped = [.. recorded.Coinbase[..4], .. recorded.Coinbase[6..^38], .. recorded.Coinbase[^4..]];
        var root = MerkleBranch.RootOf(
            [Sha256d.Hash(stripped), .. recorded.Template.Transactions.Select(one => one.TxId)]);
        Assert.Equal(BlockHeader.Read(recorded.Header).MerkleRoot, root);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("previousblockhash")]
    [InlineData("transactions")]
    [InlineData("coinbasevalue")]
    [InlineData("bits")]
    [InlineData("curtime")]
    [InlineData("height")]
    public void FromJson_MissingMember_NamesIt(string name)
    {
        var error = Assert.Throws<FormatException>(() => Read(json => json.Remove(name)));
        Assert.Contains($"{name} is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mintime")]
    [InlineData("default_witness_commitment")]
    [InlineData("longpollid")]
    [InlineData("rules")]
    [InlineData("coinbaseaux")]
    [InlineData("vbrequired")]
    public void FromJson_WithoutOptionalMember_Reads(string name) =>
        Assert.Equal(102, Read(json => json.Remove(name)).Height);

    [Theory]
    [InlineData("version", "\"1\"")]
    [InlineData("version", "4294967296")]
    [InlineData("previousblockhash", "\"00\"")]
    [InlineData("previousblockhash", "1")]
    [InlineData("coinbasevalue", "-1")]
    [InlineData("coinbasevalue", "1.5")]
    [InlineData("coinbasevalue", "null")]
    [InlineData("bits", "\"xyz\"")]
    [InlineData("bits", "\"1d00ffff00\"")]
    [InlineData("curtime", "4294967296")]
    [InlineData("curtime", "{}")]
    [InlineData("mintime", "\"now\"")]
    [InlineData("height", "-1")]
    [InlineData("height", "1e99")]
    [InlineData("transactions", "{}")]
    [InlineData("transactions", "[1]", "transactions[0]")]
    [InlineData("transactions", "[{}]", "transactions[0].txid")]
    [InlineData("default_witness_commitment", "\"6a2\"")]
    [InlineData("longpollid", "7")]
    [InlineData("longpollid", "\"\\ud800\"")]
    [InlineData("rules", "\"segwit\"")]
    [InlineData("rules", "[1]")]
    [InlineData("rules", "[\"\\ud800\"]")]
    [InlineData("mweb", "\"0g\"")]
    [InlineData("coinbaseaux", "{\"flags\":\"zz\"}", "coinbaseaux.flags")]
    public void FromJson_WrongMember_NamesIt(string name, string value, string? named = null)
    {
        var text = Vectors.Text("bitcoin-gbt-h102-tx.json");
        var json = JsonNode.Parse(text)!.AsObject();
        json.Remove(name);
        // Spliced in as text: half a surrogate pair does not survive a JsonNode.
        using var document = JsonDocument.Parse($"{{\"{name}\":{value},{json.ToJsonString()[1..]}");
        var error = Assert.Throws<FormatException>(() => BlockTemplate.FromJson(document.RootElement));
        Assert.Contains(named ?? name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("txid")]
    [InlineData("hash")]
    public void FromJson_WrongTransaction_NamesWhich(string member)
    {
        var error = Assert.Throws<FormatException>(() => Read(json => json["transactions"]![2]![member] = "xx"));
        Assert.Contains($"transactions[2].{member}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void FromJson_NotAnObject_Throws(string text)
    {
        using var document = JsonDocument.Parse(text);
        Assert.Throws<FormatException>(() => BlockTemplate.FromJson(document.RootElement));
    }

    [Fact]
    public void FromJson_FiguresThatNothingNeeds_AreTakenAsTheyCome()
    {
        var transaction = Read(json =>
        {
            json["transactions"]![0]!["fee"] = -1;
            json["transactions"]![0]!["sigops"] = -1;
            json["transactions"]![0]!["weight"] = "heavy";
        }).Transactions[0];
        Assert.Equal((-1, 0, 0), (transaction.Fee, transaction.Sigops, transaction.Weight));
    }

    [Theory]
    [InlineData("{\"mweb\":4}", 0x10u)]
    [InlineData("{\"testdummy\":28,\"mweb\":4,\"last\":31,\"first\":0}", 0x90000011u)]
    [InlineData("{\"a\":-1,\"b\":32,\"c\":\"4\",\"d\":1.5,\"e\":3}", 0x8u)]
    [InlineData("{}", 0u)]
    [InlineData("[4]", 0u)]
    [InlineData("null", 0u)]
    public void FromJson_BitsThatStandForAVote_AreRead(string json, uint bits) =>
        Assert.Equal(bits, Read(template => template["vbavailable"] = JsonNode.Parse(json)).VersionBitsAvailable);

    [Theory]
    [InlineData("\"51\"", "51")]
    [InlineData("\"\"", "")]
    [InlineData("\"5\"", null)]
    [InlineData("\"xx\"", null)]
    [InlineData("51", null)]
    [InlineData("null", null)]
    public void FromJson_SignetChallenge_IsReadWhereItCanBe(string json, string? challenge) =>
        Assert.Equal(challenge, Hex(Read(template => template["signet_challenge"] = JsonNode.Parse(json)).SignetChallenge));

    [Theory]
    [InlineData("target", "\"7f\"")]
    [InlineData("target", "17")]
    [InlineData("target", "null")]
    [InlineData("capabilities", "7")]
    [InlineData("mutable", "{}")]
    [InlineData("noncerange", "[]")]
    [InlineData("sigoplimit", "\"many\"")]
    [InlineData("sizelimit", "-1")]
    [InlineData("weightlimit", "1e99")]
    [InlineData("depends", "true")]
    [InlineData("another", "{\"of\":\"ours\"}")]
    public void FromJson_MemberThatNothingNeeds_MayBeAnything(string name, string json)
    {
        var template = Read(read => read[name] = JsonNode.Parse(json));
        Assert.Null(TemplateCheck.FindContradiction(template, Coin.Bitcoin));
    }

    [Fact]
    public void FromJson_NodeBeforeSegwit_TakesTheHashAsTheId()
    {
        var template = Read(json => json["transactions"]![0]!.AsObject().Remove("txid"));
        Assert.Equal(template.Transactions[0].WitnessHash, template.Transactions[0].TxId);
    }

    [Fact]
    public void FromJson_CoinbaseAux_JoinsTheValues()
    {
        var aux = new JsonObject { ["flags"] = "0a0b", ["more"] = "0c", ["none"] = "" };
        Assert.Equal("0a0b0c", Hex(Read(json => json["coinbaseaux"] = aux).CoinbaseAux));
    }

    [Fact]
    public void FromJson_EmptyCommitment_IsNone() =>
        Assert.Null(Read(json => json["default_witness_commitment"] = "").WitnessCommitment);

    [Fact]
    public void FromJson_VersionWithTheTopBit_IsRead() =>
        Assert.Equal(0xffffffffu, Read(json => json["version"] = -1).Version);

    internal static BlockTemplate Read(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Vectors.Text("bitcoin-gbt-h102-tx.json"))!.AsObject();
        change(json);
        using var document = JsonDocument.Parse(json.ToJsonString());
        return BlockTemplate.FromJson(document.RootElement);
    }

    private static string? Hex(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } some ? Convert.ToHexStringLower(some.Span) : null;
}
