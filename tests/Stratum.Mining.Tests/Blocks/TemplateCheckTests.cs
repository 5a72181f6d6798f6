using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Stratum.Mining.Tests;

public class TemplateCheckTests
{
    private const string Bitcoin = "bitcoin-gbt-h102-tx.json";
    private const string Litecoin = "litecoin-gbt-h433-mweb-tx.json";

    public static TheoryData<string> Files => BlockTemplateTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void FindContradiction_RecordedTemplate_HasNone(string file) =>
        Assert.Null(Check(Read(file), CoinOf(file)));

    [Theory]
    [InlineData("csv")]
    [InlineData("testdummy")]
    [InlineData("!csv")]
    [InlineData("!taproot")]
    [InlineData("!mweb")]
    public void FindContradiction_KnownRuleOrOptionalOne_IsFine(string rule) =>
        Assert.Null(Check(Read(Bitcoin) with { Rules = [rule] }));

    [Fact]
    public void FindContradiction_UnknownRule_IsNamedWithTheKnownOnes()
    {
        var template = Read(Bitcoin) with { Rules = ["csv", "!segwit", "!newrule"] };
        AssertSays(Check(template), "!newrule", "csv, segwit, taproot, mweb");
        AssertSays(Check(template with { Rules = ["!" + new string('r', 5000)] }), $"!{new string('r', 100)}..., which");
        // A coin that asks for a rule understands it.
        Assert.Null(Check(template, Coin.Bitcoin with { TemplateRules = ["segwit", "newrule"] }));
    }

    [Theory]
    [InlineData("51", null)]
    [InlineData("", "''")]
    [InlineData("5100", "'5100'")]
    [InlineData("512103ad5e51ae", "'512103ad5e51ae'")]
    [InlineData("zz", "not given")]
    [InlineData(null, "not given")]
    public void FindContradiction_Signet_IsMinedOnlyWithoutSignature(string? challenge, string? says)
    {
        var template = BlockTemplateTests.Read(json =>
        {
            json["rules"]!.AsArray().Add("!signet");
            if (challenge is not null)
                json["signet_challenge"] = challenge;
        });
        if (says is null)
            Assert.Null(Check(template));
        else
            AssertSays(Check(template), "signet_challenge", says, "need a signature by its challenge");
    }

    [Theory]
    [InlineData(0x00000000u, "zero")]
    [InlineData(0x1d000000u, "zero")]
    [InlineData(0x01003456u, "zero")]
    [InlineData(0x1d80ffffu, "negative")]
    [InlineData(0xff00ffffu, "more than 256 bits")]
    public void FindContradiction_BitsThatAreNoTarget_AreNamed(uint bits, string what) =>
        AssertSays(Check(Read(Bitcoin) with { Bits = new CompactTarget(bits) }), $"bits is {bits:x8}, which is {what}");

    [Fact]
    public void FindContradiction_TargetThatIsNotThatOfBits_NamesBoth()
    {
        var template = Read(Bitcoin) with { Bits = new CompactTarget(0x1d00ffff) };
        AssertSays(Check(template), "7fffff" + new string('0', 58), "1d00ffff", Target.PdiffOne.ToString());
        Assert.Null(Check(template with { Target = null }));
    }

    [Fact]
    public void FindContradiction_HeightOfTheFirstBlock_IsNamed() =>
        AssertSays(Check(Read(Bitcoin) with { Height = 0 }), "height is 0", "at least 1");

    // The recorded template: 50 coins and fees of 7,360.
    [Theory]
    [InlineData(7_359, "coinbasevalue is 7359, less than the fees of the transactions, 7360")]
    [InlineData(7_360, null)]
    [InlineData(5_000_007_360, null)]
    [InlineData(5_000_007_361, "coinbasevalue is 5000007361, more than the fees of the transactions, 7360")]
    public void FindContradiction_ValueBesideTheFees_IsNamed(long value, string? says)
    {
        var template = Read(Bitcoin) with { CoinbaseValue = value };
        if (says is null)
            Assert.Null(Check(template));
        else
            AssertSays(Check(template), says);
        Assert.Null(Check(template, Coin.Bitcoin with { MaxSubsidy = null }));
    }

    [Fact]
    public void FindContradiction_FeeThatIsNotKnown_IsInNoSum()
    {
        foreach (var fee in new[] { "null", "-5", "\"much\"", "1e99" })
        {
            var template = BlockTemplateTests.Read(json =>
            {
                json["transactions"]![0]!["fee"] = System.Text.Json.Nodes.JsonNode.Parse(fee);
                json["coinbasevalue"] = 9_000_000_000;
            });
            Assert.False(template.Transactions[0].FeeIsKnown);
            Assert.Null(Check(template));
        }
    }

    [Fact]
    public void FindContradiction_FeesBeyondAnyNumber_AreNamed()
    {
        var template = Read(Bitcoin);
        template = template with
        {
            Transactions = [.. template.Transactions.Select(one => one with { Fee = long.MaxValue })],
        };
        AssertSays(Check(template), "36893488147419103228");
    }

    [Theory]
    [InlineData(0, "is too short for one")]
    [InlineData(5, "is too short for one")]
    [InlineData(40, "ends within its inputs")]
    [InlineData(100, "ends within its outputs")]
    [InlineData(-100, "ends within its witness")]
    [InlineData(-1, "ends within its lock time")]
    public void FindContradiction_TransactionCutOff_IsNamed(int length, string what)
    {
        var data = Read(Bitcoin).Transactions[0].Data;
        var cut = data[..(length < 0 ? data.Length + length : length)];
        AssertSays(Check(WithFirst(one => one with { Data = cut })),
            "transactions[0].data", $"has {cut.Length} bytes", what);
    }

    [Theory]
    [InlineData("020000000000ffffffff00000000", "has the flag 00 where 01 marks a witness")]
    [InlineData("020000000002ffffffff00000000", "has the flag 02 where 01 marks a witness")]
    [InlineData("02000000000100000000000000", "has no inputs")]
    [InlineData("02000000fd0100ffffffff0000000000", "ends within its inputs")]
    [InlineData("02000000ffffffffffffffffff00000000", "ends within its inputs")]
    public void FindContradiction_NoTransaction_SaysWhy(string hex, string what) =>
        AssertSays(Check(WithFirst(one => one with { Data = Convert.FromHexString(hex) })), "transactions[0].data", what);

    [Fact]
    public void FindContradiction_BytesBehindATransaction_AreCounted() => AssertSays(
        Check(WithFirst(one => one with { Data = (byte[])[.. one.Data.Span, 1, 2] })), "has 2 bytes behind its end");

    [Fact]
    public void FindContradiction_WitnessOfEmptyStacks_IsNoTransaction()
    {
        // The third has no witness: given the flag and a stack of nothing, no node would take it.
        var plain = Read(Bitcoin).Transactions[2].Data;
        byte[] data = [.. plain.Span[..4], 0, 1, .. plain.Span[4..^4], 0, .. plain.Span[^4..]];
        AssertSays(Check(WithFirst(one => one with { Data = data })), "has the flag of a witness and none");
    }

    // One bit at a time, through the first transaction: version, witness and the rest.
    [Fact]
    public void FindContradiction_AnyByteOfATransactionChanged_IsFound()
    {
        var length = Read(Bitcoin).Transactions[0].Data.Length;
        for (var i = 0; i < length; i++)
        {
            var template = WithFirst(one =>
            {
                var data = one.Data.ToArray();
                data[i] ^= 1;
                return one with { Data = data };
            });
            Assert.Contains("transactions[0].", Check(template), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FindContradiction_HashOrIdOfOtherData_NamesBoth()
    {
        var first = Read(Bitcoin).Transactions[0];
        AssertSays(Check(WithFirst(one => one with { WitnessHash = one.TxId })),
            $"transactions[0].hash is {first.TxId}", first.WitnessHash.ToString());
        AssertSays(Check(WithFirst(one => one with { TxId = one.WitnessHash })),
            $"transactions[0].txid is {first.WitnessHash}", first.TxId.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void FindContradiction_TransactionTwice_NamesBothPlaces(int twice)
    {
        var template = Read(Bitcoin);
        template = template with { Transactions = [.. template.Transactions, template.Transactions[twice]] };
        AssertSays(Check(template), "transactions[4].txid", $"transactions[{twice}] has too",
            template.Transactions[twice].TxId.ToString());
    }

    [Fact]
    public void FindContradiction_WitnessWithoutCommitment_IsNamed()
    {
        var template = Read(Bitcoin) with { WitnessCommitment = null };
        AssertSays(Check(template), "default_witness_commitment is absent", "transactions[0]");
        Assert.Null(Check(LegacyOnly(template)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void FindContradiction_CommitmentOfOtherTransactions_NamesBoth(string file)
    {
        var template = Read(file);
        var commitment = template.WitnessCommitment!.Value.ToArray();
        commitment[20] ^= 4;
        AssertSays(Check(template with { WitnessCommitment = commitment }, CoinOf(file)),
            "default_witness_commitment", Convert.ToHexStringLower(commitment[6..]),
            Convert.ToHexStringLower(template.WitnessCommitment.Value.Span[6..]));
        // Of another form: not ours to judge.
        Assert.Null(Check(template with { WitnessCommitment = (byte[])[.. commitment, 0] }, CoinOf(file)));
    }

    [Fact]
    public void FindContradiction_TransactionsInAnotherOrder_ContradictTheCommitment()
    {
        var template = Read(Bitcoin);
        template = template with { Transactions = [.. template.Transactions.Reverse()] };
        AssertSays(Check(template), "default_witness_commitment");
    }

    [Fact]
    public void FindContradiction_HogExNotLast_IsNamed()
    {
        var template = Read(Litecoin);
        template = template with { Transactions = [.. template.Transactions.Reverse()] };
        AssertSays(Check(template, Coin.Litecoin), "transactions[0] is the HogEx", "number 1");
    }

    [Fact]
    public void FindContradiction_MwebWithoutHogEx_IsNamed()
    {
        var template = Read(Litecoin);
        var size = template.Mweb!.Value.Length;
        AssertSays(Check(template with { Transactions = [template.Transactions[0]] }, Coin.Litecoin),
            $"mweb has {size} bytes", "the last of 1 transactions is not a HogEx");
        AssertSays(Check(template with { Transactions = [] }, Coin.Litecoin), "the last of 0 transactions");
        AssertSays(Check(template with { Mweb = null }, Coin.Litecoin), "transactions[1] is a HogEx", "mweb");
    }

    [Fact]
    public void FindContradiction_HogExWithIdsOfItsOwn_IsTakenAsItIs()
    {
        var template = Read(Litecoin);
        Assert.NotEqual(Sha256d.Hash(template.Transactions[^1].Data.Span), template.Transactions[^1].TxId);
        var other = template.Transactions[^1] with { TxId = Hash256.Zero };
        Assert.Null(Check(template with { Transactions = [template.Transactions[0], other] }, Coin.Litecoin));
    }

    [Fact]
    public void FindContradiction_CoinOfAnotherForm_IsNotHashed()
    {
        var template = WithFirst(one => one with { Data = new byte[] { 1 } });
        Assert.Null(Check(template, Coin.Bitcoin with { ChecksTransactions = false }));
    }

    private static string? Check(BlockTemplate template, Coin? coin = null) =>
        TemplateCheck.FindContradiction(template, coin ?? Coin.Bitcoin);

    private static void AssertSays([NotNull] string? text, params string[] parts)
    {
        Assert.NotNull(text);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    private static Coin CoinOf(string file) =>
        file.StartsWith("litecoin", StringComparison.Ordinal) ? Coin.Litecoin : Coin.Bitcoin;

    private static BlockTemplate Read(string file) => BlockTemplate.FromJson(Vectors.Json(file));

    private static BlockTemplate WithFirst(Func<TemplateTransaction, TemplateTransaction> change)
    {
        var template = Read(Bitcoin);
        return template with { Transactions = [change(template.Transactions[0]), .. template.Transactions.Skip(1)] };
    }

    private static BlockTemplate LegacyOnly(BlockTemplate template) => template with
    {
        CoinbaseValue = 5_000_000_000,
        Transactions = [.. template.Transactions.Where(one => one.TxId == one.WitnessHash)],
    };
}
