using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Simulation.Tests;

public class ChainCallsTests
{
    private const string PayTo = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

    [Fact]
    public async Task SubmitBlock_GoodWrongAndGarbled_VerdictOfTheChain()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        string good = Convert.ToHexString(BlockDraft.Of(daemon.Chain).Mine());
        string wrong = Convert.ToHexString(BlockDraft.Of(daemon.Chain, r => r with { Height = 5 }).Mine());
        Assert.Equal("bad-cb-height", (await daemon.CallAsync("submitblock", wrong)).GetString());
        Assert.Equal(JsonValueKind.Null, (await daemon.CallAsync("submitblock", good)).ValueKind);
        Assert.Equal("duplicate", (await daemon.CallAsync("submitblock", good)).GetString());
        Assert.Equal(-22, await daemon.ErrorAsync("submitblock", good[..^2]));
        Assert.Equal(-22, await daemon.ErrorAsync("submitblock", "no hex"));
        Assert.Equal(-22, await daemon.ErrorAsync("submitblock", ""));
        Assert.Equal(1, (await daemon.CallAsync("getblockcount")).GetInt64());
    }

    [Fact]
    public async Task GenerateToAddress_ThreeBlocks_AreOnTheChainAndPayTheAddress()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        string[] hashes = [.. (await daemon.CallAsync("generatetoaddress", 3, PayTo))
            .EnumerateArray().Select(h => h.GetString()!)];
        Assert.Equal(3, hashes.Length);
        Assert.Equal(hashes[^1], (await daemon.CallAsync("getbestblockhash")).GetString());
        Assert.Equal(hashes[1], (await daemon.CallAsync("getblockhash", 2)).GetString());

        var block = await daemon.CallAsync("getblock", hashes[1], 2);
        Assert.Equal(2, block.GetProperty("height").GetInt64());
        Assert.Equal(2, block.GetProperty("confirmations").GetInt64());
        Assert.Equal(hashes[0], block.GetProperty("previousblockhash").GetString());
        Assert.Equal(hashes[2], block.GetProperty("nextblockhash").GetString());
        var coinbase = block.GetProperty("tx")[0];
        string? script = coinbase.GetProperty("vin")[0].GetProperty("coinbase").GetString();
        Assert.StartsWith("52", script, StringComparison.Ordinal);
        var output = coinbase.GetProperty("vout")[0];
        Assert.Equal(PayTo, output.GetProperty("scriptPubKey").GetProperty("address").GetString());
        Assert.Equal("witness_v0_keyhash", output.GetProperty("scriptPubKey").GetProperty("type").GetString());
        Assert.True(output.GetProperty("value").GetDecimal() > 50m);

        var plain = await daemon.CallAsync("getblock", hashes[1]);
        Assert.Equal(block.GetProperty("tx").EnumerateArray().Select(t => t.GetProperty("txid").GetString()),
            plain.GetProperty("tx").EnumerateArray().Select(t => t.GetString()));
        string hex = (await daemon.CallAsync("getblock", hashes[1], 0)).GetString()!;
        Assert.Equal(block.GetProperty("size").GetInt32() * 2, hex.Length);
        Assert.Equal(hex[..160], (await daemon.CallAsync("getblockheader", hashes[1], false)).GetString());
        Assert.Equal(block.GetProperty("merkleroot").GetString(),
            (await daemon.CallAsync("getblockheader", hashes[1])).GetProperty("merkleroot").GetString());
    }

    [Fact]
    public async Task GenerateToAddress_WrongAddressOrTooFewTries_ErrorOrNothing()
    {
        await using var daemon = await DaemonFixture.StartAsync(new() { MinimumDifficulty = new Difficulty(1) });
        Assert.Equal(-5, await daemon.ErrorAsync("generatetoaddress", 1, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"));
        Assert.Equal(0, (await daemon.CallAsync("generatetoaddress", 1, PayTo, 100)).GetArrayLength());
        Assert.Equal(0, daemon.Chain.Height);
    }

    [Fact]
    public async Task GenerateToAddress_WithoutWorkWhereAllowed_AnyDifficultyAtOnce()
    {
        await using var daemon = await DaemonFixture.StartAsync(
            new() { MinimumDifficulty = new Difficulty(1e6) }, new() { GenerateWithoutWork = true });
        Assert.Equal(5, (await daemon.CallAsync("generatetoaddress", 5, PayTo)).GetArrayLength());
        Assert.Equal(5, daemon.Chain.Height);
        Assert.InRange(daemon.Chain.Difficulty.Value, 0.99e6, 1.01e6);
    }

    [Fact]
    public async Task GetBlock_UnknownMalformedOrStale_SaysSo()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        Assert.Equal(-5, await daemon.ErrorAsync("getblock", new string('1', 64)));
        Assert.Equal(-8, await daemon.ErrorAsync("getblock", "123"));
        Assert.Equal(-8, await daemon.ErrorAsync("getblockhash", 1));

        byte[] late = BlockDraft.Of(daemon.Chain, r => r with { Tag = "/late/" }).Mine();
        Assert.Null(daemon.Chain.SubmitBlock(BlockDraft.Of(daemon.Chain).Mine()));
        Assert.Equal("inconclusive", daemon.Chain.SubmitBlock(late));
        string hash = BlockDecoder.Decode(late, daemon.Chain.Coin).Hash.ToString();
        Assert.Equal(-1, (await daemon.CallAsync("getblock", hash)).GetProperty("confirmations").GetInt64());
    }

    [Fact]
    public async Task GetBlockHash_Zero_IsTheNetworksGenesisWhereverTheChainBegins()
    {
        var network = Coin.Litecoin.GetNetwork("testnet");
        await using var daemon = await DaemonFixture.StartAsync(
            new() { Coin = Coin.Litecoin, Network = network, StartHeight = 1000 });
        Assert.Equal(network.GenesisHash.ToString(), (await daemon.CallAsync("getblockhash", 0)).GetString());
        Assert.Equal(-8, await daemon.ErrorAsync("getblockhash", 1));
        Assert.Equal("test", (await daemon.CallAsync("getblockchaininfo")).GetProperty("chain").GetString());

        var unknown = network with { GenesisHash = null };
        await using var other = await DaemonFixture.StartAsync(
            new() { Coin = Coin.Litecoin, Network = unknown, StartHeight = 1000 });
        Assert.Equal(-8, await other.ErrorAsync("getblockhash", 0));
    }

    [Fact]
    public async Task InvalidateBlock_AndReconsider_MoveTheTip()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        await daemon.CallAsync("generatetoaddress", 3, PayTo);
        string tip = daemon.Chain.Tip.Hash.ToString();
        await daemon.CallAsync("invalidateblock", tip);
        Assert.Equal(2, (await daemon.CallAsync("getblockcount")).GetInt32());
        Assert.Equal(3, (await daemon.TemplateAsync()).GetProperty("height").GetInt32());
        var header = await daemon.CallAsync("getblockheader", tip);
        Assert.Equal(-1, header.GetProperty("confirmations").GetInt32());
        Assert.Equal(3, header.GetProperty("height").GetInt32());
        var tips = await daemon.CallAsync("getchaintips");
        Assert.Equal(["active", "invalid"], tips.EnumerateArray().Select(t => t.GetProperty("status").GetString()));
        Assert.Equal(1, tips[1].GetProperty("branchlen").GetInt32());
        await daemon.CallAsync("reconsiderblock", tip);
        Assert.Equal(tip, (await daemon.CallAsync("getbestblockhash")).GetString());
        Assert.Equal(-5, await daemon.ErrorAsync("invalidateblock", new string('1', 64)));
        Assert.Equal(-5, await daemon.ErrorAsync("reconsiderblock", new string('1', 64)));
    }

    [Fact]
    public async Task GetBlock_Forgotten_Minus5()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        await daemon.CallAsync("generatetoaddress", 3, PayTo);
        string lost = daemon.Chain.Tip.Hash.ToString();
        daemon.Chain.Forget(2);
        Assert.Equal(-5, await daemon.ErrorAsync("getblock", lost));
        Assert.Equal(-5, await daemon.ErrorAsync("getblockheader", lost));
        Assert.Equal(1, (await daemon.CallAsync("getblockchaininfo")).GetProperty("blocks").GetInt32());
    }

    [Fact]
    public async Task GetBlock_Mweb_HogExIsTheLastOfItsTransactions()
    {
        await using var daemon = await DaemonFixture.StartAsync(
            new() { Coin = Coin.Litecoin, MwebHeight = 1, JobInterval = Timeout.InfiniteTimeSpan });
        string hogEx = daemon.Chain.GetTemplate().Transactions[^1].TxId.ToString();
        Assert.Null(daemon.Chain.SubmitBlock(BlockDraft.Of(daemon.Chain).Mine()));
        var block = await daemon.CallAsync("getblock", daemon.Chain.Tip.Hash.ToString(), 2);
        var last = block.GetProperty("tx").EnumerateArray().Last();
        Assert.Equal(hogEx, last.GetProperty("txid").GetString());
        Assert.Equal(376, last.GetProperty("weight").GetInt32());
        Assert.InRange(block.GetProperty("strippedsize").GetInt32(), 500, block.GetProperty("size").GetInt32() - 190);
    }

    [Fact]
    public async Task GetInfo_Calls_AgreeWithTheChain()
    {
        await using var daemon = await DaemonFixture.StartAsync();
        await daemon.CallAsync("generatetoaddress", 4, PayTo);
        var info = await daemon.CallAsync("getblockchaininfo");
        Assert.Equal("regtest", info.GetProperty("chain").GetString());
        Assert.Equal(4, info.GetProperty("blocks").GetInt64());
        Assert.Equal(daemon.Chain.Tip.Hash.ToString(), info.GetProperty("bestblockhash").GetString());
        Assert.False(info.GetProperty("initialblockdownload").GetBoolean());
        Assert.InRange(info.GetProperty("difficulty").GetDouble(), 4.6e-10, 4.7e-10);

        // Five blocks of two expected hashes each.
        Assert.Equal(new string('0', 63) + "a", info.GetProperty("chainwork").GetString());

        var mining = await daemon.CallAsync("getmininginfo");
        Assert.Equal(4, mining.GetProperty("blocks").GetInt64());
        Assert.Equal(3, mining.GetProperty("pooledtx").GetInt32());
        Assert.Equal(3, (await daemon.CallAsync("getrawmempool")).GetArrayLength());
        Assert.True((await daemon.CallAsync("getnetworkinfo")).GetProperty("connections").GetInt32() > 0);
        Assert.True((await daemon.CallAsync("uptime")).GetInt64() >= 0);
        Assert.True((await daemon.CallAsync("getnetworkhashps")).GetDouble() >= 0);
    }

    [Theory]
    [InlineData(PayTo, true, 0)]
    [InlineData("bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqc8gma6", true, 1)]
    [InlineData("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", true, null)]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", false, null)]
    [InlineData("nonsense", false, null)]
    public async Task ValidateAddress_OfThisChainOrNot_SaysSo(string address, bool valid, int? witnessVersion)
    {
        await using var daemon = await DaemonFixture.StartAsync();
        var answer = await daemon.CallAsync("validateaddress", address);
        Assert.Equal(valid, answer.GetProperty("isvalid").GetBoolean());
        if (valid)
        {
            Assert.Equal(witnessVersion is not null, answer.GetProperty("iswitness").GetBoolean());
            Assert.NotEqual("", answer.GetProperty("scriptPubKey").GetString());
        }

        if (witnessVersion is { } version)
        {
            Assert.Equal(version, answer.GetProperty("witness_version").GetInt32());
        }
    }
}
