using System.Text;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary>The whole way on a real chain: litecoind, pool and miner as processes of their own.</summary>
public class LitecoindTests
{
    private const int Blocks = 20;
    private const string Tag = "/litecoind-test/";

    [Fact]
    public async Task PoolAndMiner_OnLitecoind_TwentyBlocksAreAcceptedAndPayUs()
    {
        await using var litecoin = await Litecoind.StartAsync();
        var address = (await litecoin.CallAsync("getnewaddress", ["", "bech32"])).GetString()!;
        // In regtest every share is a block: a difficulty at which a fast processor finds some ten a second.
        await using var pool = Command.Start("pool", "--daemon", litecoin.Url.ToString(), "--rpc-cookie", litecoin.CookieFile,
            "--coin", "litecoin", "--network", "regtest", "--address", address, "--tag", Tag, "--difficulty", "0.02",
            "--json", "--port", "0");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using (var miner = Command.Start("mine", $"stratum+tcp://127.0.0.1:{port}", "--user", "u", "--algorithm", "scrypt"))
        {
            await pool.EventAsync("block", json =>
                pool.Events("block").Count(block => block.GetProperty("accepted").GetBoolean()) >= Blocks);
        }

        var accepted = pool.Events("block").Where(block => block.GetProperty("accepted").GetBoolean()).Take(Blocks).ToList();
        for (var i = 0; i < Blocks; i++)
        {
            Assert.Equal(102 + i, accepted[i].GetProperty("height").GetInt32());
            await CheckAsync(litecoin, accepted[i].GetProperty("hash").GetString()!, 102 + i, address);
        }
        Assert.True(102 + Blocks < 144, "MWEB signalling begins at 144");

        // A block that is not ours: long poll brings the next work.
        await litecoin.InStepAsync();
        var others = await litecoin.GenerateAsync(litecoin.Peer, 1);
        await litecoin.InStepAsync();
        var height = (await litecoin.CallAsync("getblock", [others[0]])).GetProperty("height").GetInt32();
        await pool.EventAsync("job", json => json.GetProperty("height").GetInt32() == height + 1 && json.GetProperty("clean").GetBoolean());
    }

    private static async Task CheckAsync(Litecoind litecoin, string hash, int height, string address)
    {
        var block = await litecoin.CallAsync("getblock", [hash, 2]);
        Assert.Equal(height, block.GetProperty("height").GetInt32());
        Assert.True(block.GetProperty("confirmations").GetInt32() > 0);
        var coinbase = block.GetProperty("tx")[0];
        var paid = coinbase.GetProperty("vout")[0];
        Assert.Equal(50m, paid.GetProperty("value").GetDecimal());
        Assert.Contains(address, paid.GetProperty("scriptPubKey").GetRawText());
        var script = Convert.FromHexString(coinbase.GetProperty("vin")[0].GetProperty("coinbase").GetString()!);
        Assert.Contains(Tag, Encoding.Latin1.GetString(script));
        Assert.Equal(1, script[0]);
        Assert.Equal(height, script[1]);
    }
}
