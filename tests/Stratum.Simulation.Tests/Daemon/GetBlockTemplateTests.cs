using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

public class GetBlockTemplateTests
{
    private static readonly SimulatedChainOptions Quiet =
        new() { JobInterval = Timeout.InfiniteTimeSpan, BlockTime = TimeSpan.FromHours(1) };

    [Fact]
    public async Task GetBlockTemplate_Bitcoin_HasTheMembersOfARecordedOneInOrder()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        using var recorded = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "bitcoin-gbt-h102-tx.json")));
        var template = await daemon.TemplateAsync();
        Assert.Equal(Shape(recorded.RootElement), Shape(template));
        Assert.Equal(Shape(recorded.RootElement.GetProperty("transactions")[0]),
            Shape(template.GetProperty("transactions")[0]));

        foreach (string same in new[] { "capabilities", "version", "rules", "vbavailable", "vbrequired", "coinbaseaux",
            "target", "mutable", "noncerange", "sigoplimit", "sizelimit", "weightlimit", "bits" })
        {
            var expected = recorded.RootElement.GetProperty(same);
            Assert.True(JsonElement.DeepEquals(expected, template.GetProperty(same)), same);
        }
    }

    [Fact]
    public async Task GetBlockTemplate_Transactions_HaveRightIdsDependenciesFeesAndCommitment()
    {
        await using var daemon = await DaemonFixture.StartAsync(Quiet with { TransactionsPerBlock = 40 });
        var template = await daemon.TemplateAsync();
        var parsed = BlockTemplate.FromJson(template);
        var ids = new List<string>();
        int witnesses = 0;
        int children = 0;
        foreach (var entry in template.GetProperty("transactions").EnumerateArray())
        {
            byte[] data = Convert.FromHexString(entry.GetProperty("data").GetString()!);
            bool witness = data[4] == 0;
            string txid = entry.GetProperty("txid").GetString()!;
            Assert.Equal(Sha256d.Hash(data).ToString(), entry.GetProperty("hash").GetString());
            Assert.Equal(witness, txid != entry.GetProperty("hash").GetString());
            witnesses += witness ? 1 : 0;
            Assert.True(entry.GetProperty("fee").GetInt64() > 0);

            // What a transaction spends stands at the same place in every one: version, marker, count, id.
            var spent = new Hash256(data.AsSpan(witness ? 7 : 5, 32)).ToString();
            int[] depends = [.. entry.GetProperty("depends").EnumerateArray().Select(d => d.GetInt32())];
            int[] expected = ids.Contains(spent) ? [ids.IndexOf(spent) + 1] : [];
            Assert.Equal(expected, depends);
            children += depends.Length;
            ids.Add(txid);
        }

        Assert.Equal(40, ids.Distinct().Count());
        Assert.InRange(witnesses, 20, 30);
        Assert.True(children > 10);
        Assert.Equal(daemon.Chain.Options.Subsidy + parsed.Transactions.Sum(t => t.Fee), parsed.CoinbaseValue);
        Assert.Null(daemon.Chain.SubmitBlock(BlockDraft.Of(daemon.Chain.Coin, parsed).Mine()));
    }

    [Fact]
    public async Task GetBlockTemplate_WithoutTheCoinsRules_Minus8NamesThem()
    {
        await using var bitcoin = await DaemonFixture.StartAsync();
        Assert.Equal(-8, await bitcoin.ErrorAsync("getblocktemplate"));
        var other = new JsonObject { ["rules"] = new JsonArray("mweb") };
        Assert.Equal(-8, await bitcoin.ErrorAsync("getblocktemplate", other));
        Assert.Equal(-8, await bitcoin.ErrorAsync("getblocktemplate", new JsonObject { ["mode"] = "submit" }));

        await using var litecoin = await DaemonFixture.StartAsync(Quiet with { Coin = Coin.Litecoin });
        var answer = await litecoin.AnswerAsync(
            "getblocktemplate", new JsonObject { ["rules"] = new JsonArray("segwit") });
        var error = answer.GetProperty("error");
        Assert.Equal(-8, error.GetProperty("code").GetInt32());
        string? message = error.GetProperty("message").GetString();
        Assert.Contains("""{"rules": ["mweb", "segwit"]}""", message, StringComparison.Ordinal);
        Assert.False((await litecoin.TemplateAsync()).TryGetProperty("mweb", out _));
    }

    [Fact]
    public async Task GetBlockTemplate_Mweb_HasTheMembersOfARecordedOneInOrder()
    {
        await using var daemon = await DaemonFixture.StartAsync(Quiet with
        {
            Coin = Coin.Litecoin, StartHeight = 433, MwebHeight = 432, TransactionsPerBlock = 0,
        });
        using var recorded = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "litecoin-gbt-h433-mweb-empty.json")));
        var template = await daemon.TemplateAsync();
        Assert.Equal(Shape(recorded.RootElement), Shape(template));
        Assert.Equal("mweb", template.GetProperty("rules").EnumerateArray().Last().GetString());
        var real = recorded.RootElement.GetProperty("transactions")[0];
        var hogEx = template.GetProperty("transactions")[0];
        Assert.Equal(Shape(real), Shape(hogEx));
        Assert.True(JsonElement.DeepEquals(real.GetProperty("weight"), hogEx.GetProperty("weight")));
        Assert.Equal(Masked(real), Masked(hogEx));

        // The height that it begins with, and its length, are those of the recorded one.
        string realMweb = recorded.RootElement.GetProperty("mweb").GetString()!;
        string mweb = template.GetProperty("mweb").GetString()!;
        Assert.Equal((realMweb[..4], realMweb.Length), (mweb[..4], mweb.Length));
        Assert.Equal(-8, await daemon.ErrorAsync(
            "getblocktemplate", new JsonObject { ["rules"] = new JsonArray("segwit") }));
        Assert.Equal(-8, await daemon.ErrorAsync(
            "getblocktemplate", new JsonObject { ["rules"] = new JsonArray("mweb") }));

        var parsed = BlockTemplate.FromJson(template);
        var draft = BlockDraft.Of(daemon.Chain.Coin, parsed);
        string block = Convert.ToHexString(draft.Mine());
        Assert.Equal(-22, await daemon.ErrorAsync("submitblock", block[..^mweb.Length]));
        Assert.Equal(JsonValueKind.Null, (await daemon.CallAsync("submitblock", block)).ValueKind);

        // All but what it spends, what it is worth and what it commits to.
        static string Masked(JsonElement transaction)
        {
            string data = transaction.GetProperty("data").GetString()!;
            return data[..14] + data[78..98] + data[114..120] + data[184..];
        }
    }

    [Fact]
    public async Task GetBlockTemplate_Options_AreInTheJson()
    {
        await using var daemon = await DaemonFixture.StartAsync(Quiet with
        {
            Coin = Coin.Litecoin,
            StartHeight = 144,
            Version = 0x30000010,
            VersionBitsRequired = 16,
            VersionBitsAvailable = new Dictionary<string, int> { ["mweb"] = 4 },
            CoinbaseFlags = "/P2SH/"u8.ToArray(),
        });
        var template = await daemon.TemplateAsync();
        Assert.Equal(0x30000010, template.GetProperty("version").GetInt32());
        Assert.Equal(16, template.GetProperty("vbrequired").GetInt32());
        Assert.Equal("""{"mweb":4}""", template.GetProperty("vbavailable").GetRawText());
        Assert.Equal("2f503253482f", template.GetProperty("coinbaseaux").GetProperty("flags").GetString());
        Assert.False(template.TryGetProperty("mweb", out _));
    }

    [Fact]
    public async Task GetBlockTemplate_Signet_ChallengeAndRule()
    {
        await using var daemon = await DaemonFixture.StartAsync(
            Quiet with { Network = Coin.Bitcoin.GetNetwork("signet") });
        var answer = await daemon.AnswerAsync(
            "getblocktemplate", new JsonObject { ["rules"] = new JsonArray("segwit") });
        var error = answer.GetProperty("error");
        Assert.Equal(-8, error.GetProperty("code").GetInt32());
        Assert.Equal("getblocktemplate must be called with the signet rule set "
            + """(call with {"rules": ["segwit", "signet"]})""", error.GetProperty("message").GetString());
        var template = await daemon.TemplateAsync();
        Assert.Equal("51", template.GetProperty("signet_challenge").GetString());
        Assert.Equal(["csv", "!segwit", "!signet", "taproot"],
            template.GetProperty("rules").EnumerateArray().Select(r => r.GetString()));
    }

    [Fact]
    public async Task GetBlockTemplate_LegacyOnly_NeedsNoRules()
    {
        await using var daemon = await DaemonFixture.StartAsync(Quiet with { LegacyOnly = true });
        var template = await daemon.CallAsync("getblocktemplate");
        Assert.False(template.TryGetProperty("default_witness_commitment", out _));
        Assert.Equal("""["csv"]""", template.GetProperty("rules").GetRawText());
    }

    [Fact]
    public async Task GetBlockTemplate_LongPoll_AnswersAtAReorganisation()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        Assert.NotNull(daemon.Chain.GenerateBlock(new byte[] { 0x51 }));
        var first = await daemon.TemplateAsync();
        var poll = daemon.TemplateAsync(first.GetProperty("longpollid").GetString());
        Assert.True(daemon.Chain.InvalidateBlock(daemon.Chain.Tip.Hash));
        Assert.Equal(1, (await poll).GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task GetBlockTemplate_LongPoll_AnswersAtANewTip()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var first = await daemon.TemplateAsync();
        var poll = daemon.TemplateAsync(first.GetProperty("longpollid").GetString());

        // A call that came later is answered, and the poll still waits.
        await daemon.CallAsync("getblockcount");
        Assert.False(poll.IsCompleted);
        Assert.NotNull(daemon.Chain.GenerateBlock(new byte[] { 0x51 }));
        var second = await poll;
        Assert.Equal(2, second.GetProperty("height").GetInt64());
        Assert.Equal(daemon.Chain.Tip.Hash.ToString(), second.GetProperty("previousblockhash").GetString());
        Assert.NotEqual(first.GetProperty("longpollid").GetString(), second.GetProperty("longpollid").GetString());
    }

    [Fact]
    public async Task GetBlockTemplate_LongPoll_AnswersWhenTheMempoolChanges()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var first = await daemon.TemplateAsync();
        var poll = daemon.TemplateAsync(first.GetProperty("longpollid").GetString());
        daemon.Chain.AddTransaction();
        var second = await poll;
        Assert.Equal(1, second.GetProperty("height").GetInt64());
        Assert.Equal(first.GetProperty("transactions").GetArrayLength() + 1,
            second.GetProperty("transactions").GetArrayLength());
    }

    [Fact]
    public async Task GetBlockTemplate_LongPollWithDelay_MempoolWaitsAndATipDoesNot()
    {
        var time = new ManualTime();
        await using var daemon = await DaemonFixture.StartAsync(
            Quiet with { TimeProvider = time }, new() { MempoolPollDelay = TimeSpan.FromSeconds(60) });
        var first = await daemon.TemplateAsync();
        var poll = daemon.TemplateAsync(first.GetProperty("longpollid").GetString());
        daemon.Chain.AddTransaction();
        await daemon.CallAsync("getblockcount");
        Assert.False(poll.IsCompleted);
        while (!poll.IsCompleted)
        {
            // The poll may not have reached its clock yet.
            time.Advance(TimeSpan.FromSeconds(61));
            await Task.WhenAny(poll, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        string? current = (await poll).GetProperty("longpollid").GetString();
        Assert.NotEqual(first.GetProperty("longpollid").GetString(), current);
        poll = daemon.TemplateAsync(current);
        Assert.NotNull(daemon.Chain.GenerateBlock(new byte[] { 0x51 }));
        Assert.Equal(2, (await poll).GetProperty("height").GetInt64());
    }

    [Fact]
    public async Task GetBlockTemplate_LongPollOfAnotherTime_AnswersAtOnce()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        Assert.Equal(1, (await daemon.TemplateAsync("0badc0de")).GetProperty("height").GetInt64());
    }

    [Fact]
    public async Task GetBlockTemplate_Proposal_ValidatesWithoutProofOfWork()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var draft = BlockDraft.Of(daemon.Chain);
        draft.MissTarget = true;
        async Task<JsonElement> Propose(byte[] block) => await daemon.AnswerAsync("getblocktemplate",
            new JsonObject { ["mode"] = "proposal", ["data"] = Convert.ToHexString(block) });
        Assert.Equal(JsonValueKind.Null, (await Propose(draft.Mine())).GetProperty("result").ValueKind);
        draft.Version = 1;
        Assert.Equal("bad-version(0x00000001)", (await Propose(draft.Mine())).GetProperty("result").GetString());
        Assert.Equal(-22, (await Propose([1, 2, 3])).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(0, daemon.Chain.Height);
    }

    private static List<string> Shape(JsonElement element) =>
        [.. element.EnumerateObject().Select(m => $"{m.Name}: {m.Value.ValueKind}")];
}
