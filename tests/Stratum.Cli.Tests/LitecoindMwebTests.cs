using System.Text;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary>Pool and miner as processes on a litecoind with MWEB, while others pay in each of its ways.</summary>
public class LitecoindMwebTests
{
    private const int Blocks = 20, Start = 501, Halving = 150, Enough = 4;
    private const decimal Coin = 100_000_000;
    private const string Tag = "/mweb-test/";

    [Fact]
    public async Task PoolAndMiner_WithMwebTraffic_TwentyBlocksInARowCarryItAndPayUs()
    {
        var (both, traffic) = await MwebTraffic.StartAsync(Start);
        await using var litecoin = both;
        var address = (await litecoin.Node.CallWalletAsync("pool", "getnewaddress", ["", "bech32"])).GetString()!;
        await using var pool = Command.Start("pool", "--daemon", litecoin.Url.ToString(), "--rpc-cookie", litecoin.CookieFile,
            "--coin", "litecoin", "--network", "regtest", "--address", address, "--tag", Tag, "--difficulty", "0.05",
            "--json", "--port", "0");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var miner = Command.Start("mine", $"stratum+tcp://127.0.0.1:{port}", "--user", "u", "--algorithm", "scrypt");

        var seen = new List<Contents>();
        while (seen.Count < Blocks || seen.Count(block => block.Ordinary > 0) < Enough || seen.Count(block => block.Kernels > 0) < Enough)
        {
            await traffic.OrdinaryAsync();
            await traffic.PegInAsync();
            await traffic.PrivateAsync();
            await traffic.PegOutAsync();
            await pool.EventAsync("block", _ => Accepted(pool).Count > seen.Count);
            foreach (var block in Accepted(pool).Skip(seen.Count))
            {
                var height = Start + 1 + seen.Count;
                Assert.Equal(height, block.GetProperty("height").GetInt32());
                seen.Add(await CheckAsync(litecoin, block.GetProperty("hash").GetString()!, height, address));
            }
        }
        Assert.True(seen.Count(block => block.PegOuts > 0) > 0, "No block carried a peg-out.");
    }

    private static List<JsonElement> Accepted(Command pool) =>
        [.. pool.Events("block").Where(block => block.GetProperty("accepted").GetBoolean())];

    private static async Task<Contents> CheckAsync(Litecoind litecoin, string hash, int height, string address)
    {
        var block = await litecoin.CallAsync("getblock", [hash, 2]);
        Assert.Equal(height, block.GetProperty("height").GetInt32());
        Assert.True(block.GetProperty("confirmations").GetInt32() > 0);
        JsonElement[] transactions = [.. block.GetProperty("tx").EnumerateArray()];

        var paid = transactions[0].GetProperty("vout")[0];
        var fees = (await litecoin.CallAsync("getblockstats", [hash])).GetProperty("totalfee").GetDecimal() / Coin;
        Assert.Equal(50m / (1 << (height / Halving)) + fees, paid.GetProperty("value").GetDecimal());
        Assert.Equal(address, paid.GetProperty("scriptPubKey").GetProperty("addresses")[0].GetString());
        var script = Convert.FromHexString(transactions[0].GetProperty("vin")[0].GetProperty("coinbase").GetString()!);
        Assert.Contains(Tag, Encoding.Latin1.GetString(script));
        Assert.Equal([2, (byte)height, (byte)(height >> 8)], script[..3]);

        // The HogEx is last, once, and names the extension block.
        Assert.Equal(transactions.Length - 1, Array.FindIndex(transactions, IsHogEx));
        var output = transactions[^1].GetProperty("vout");
        var extension = block.GetProperty("mweb");
        Assert.EndsWith(extension.GetProperty("hash").GetString()!, output[0].GetProperty("scriptPubKey").GetProperty("hex").GetString());
        return new Contents(transactions.Length - 2, extension.GetProperty("num_kernels").GetInt32(), output.GetArrayLength() - 1);
    }

    // Flag byte 08 behind version and marker.
    private static bool IsHogEx(JsonElement transaction) =>
        transaction.GetProperty("hex").GetString()!.AsSpan(8, 4) is "0008";

    /// <summary>What others put into a block.</summary>
    private sealed record Contents(int Ordinary, int Kernels, int PegOuts);
}
