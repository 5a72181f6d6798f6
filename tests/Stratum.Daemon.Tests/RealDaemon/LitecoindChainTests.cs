using System.Text.Json;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>litecoinds whose chain goes back, to a rival and away; what they say of themselves, of blocks and of
/// addresses. Two nodes of its own, for it leaves them apart.</summary>
public sealed class LitecoindChainTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TemplatesAsync_BackToARivalAndAgain_EachTipComesAndEachBlockHasItsDepth()
    {
        await using Litecoind litecoind = await Litecoind.StartAsync(cancellationToken: Ct);
        CoinDaemonOptions options = Options(litecoind.Node);
        await using var reading = new TemplateReading(options);
        BlockTemplate first = await reading.NextAsync();
        string tip = first.PreviousBlock.ToString();
        Assert.Equal(1, await reading.Daemon.GetConfirmationsAsync(first.PreviousBlock, Ct));

        // A block back: by the long poll, at once.
        await LongPollAsync(reading, litecoind.Node);
        await litecoind.CallAsync("invalidateblock", [tip], Ct);
        BlockTemplate back = await reading.NextAsync();
        Assert.Equal(first.Height - 1, back.Height);
        Assert.Equal(-1, await reading.Daemon.GetConfirmationsAsync(first.PreviousBlock, Ct));

        // Another block at the height of the invalid one; to another address, or it may be the same block.
        await LongPollAsync(reading, litecoind.Node);
        string other = (await litecoind.CallAsync("getnewaddress", ["", "bech32"], Ct)).GetString()!;
        string rival = (await litecoind.CallAsync("generatetoaddress", [1, other], Ct))[0].GetString()!;
        BlockTemplate forked = await reading.NextAsync();
        Assert.Equal(first.Height, forked.Height);
        Assert.Equal(rival, forked.PreviousBlock.ToString());

        // And from that one to its rival: another tip of the same height.
        await litecoind.CallAsync("reconsiderblock", [tip], Ct);
        if ((await litecoind.CallAsync("getbestblockhash", [], Ct)).GetString() == rival)
        {
            await LongPollAsync(reading, litecoind.Node);
            await litecoind.CallAsync("preciousblock", [tip], Ct);
        }

        BlockTemplate again = await reading.NextAsync();
        Assert.Equal(first.Height, again.Height);
        Assert.Equal(tip, again.PreviousBlock.ToString());
        Assert.Equal(-1, await reading.Daemon.GetConfirmationsAsync(forked.PreviousBlock, Ct));
        Assert.Equal(1, await reading.Daemon.GetConfirmationsAsync(first.PreviousBlock, Ct));
        Assert.Null(await reading.Daemon.GetConfirmationsAsync(Hash256.Parse(new string('e', 64)), Ct));
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task DaemonGroup_OneOfTwoKilled_WorkOfTheOtherComes()
    {
        await using Litecoind litecoind = await Litecoind.StartAsync(cancellationToken: Ct);
        await using var reading = new GroupReading(Options(litecoind.Node), Options(litecoind.Peer));
        (int before, long height) = await reading.NextAsync();
        int after = 1 - before;
        await reading.UntilAsync(after, DaemonState.Ready);

        LitecoindNode[] nodes = [litecoind.Node, litecoind.Peer];
        await nodes[before].KillAsync();

        // The one that is left has lost its only peer: its template in hand is what there is.
        Assert.Equal((after, height), await reading.NextAsync());
        Assert.Equal([before, after], reading.Currents.Take(2));
    }

    [Fact]
    public async Task Calls_HealthAndWallets_AreWhatTheNodeKnows()
    {
        await using Litecoind litecoind = await Litecoind.StartAsync(cancellationToken: Ct);
        await using var node = new CoinDaemon(Options(litecoind.Node));
        await using var peer = new CoinDaemon(Options(litecoind.Peer));

        DaemonHealth health = await node.GetHealthAsync(Ct);
        Assert.Equal(101, health.Height);
        Assert.Equal((await litecoind.CallAsync("getbestblockhash", [], Ct)).GetString(), health.Tip.ToString());
        Assert.InRange(health.Peers, 1, 2);
        Assert.False(health.IsSyncing);
        Assert.Equal(TimeSpan.Zero, health.ClockDifference);
        Assert.StartsWith("/LitecoinCore:", health.Software);

        Assert.True(await node.OwnsAddressAsync(litecoind.Address, Ct));
        Assert.Null(await peer.OwnsAddressAsync(litecoind.Address, Ct));
        Assert.Null(await node.OwnsAddressAsync("not an address", Ct));

        await litecoind.CallAsync("createwallet", ["second one"], Ct);
        await litecoind.Peer.CallAsync("createwallet", ["theirs"], Ct);
        string theirs = (await litecoind.Peer.CallAsync("getnewaddress", ["", "bech32"], Ct)).GetString()!;
        Assert.True(await node.OwnsAddressAsync(litecoind.Address, Ct));
        Assert.False(await node.OwnsAddressAsync(theirs, Ct));
        Assert.True(await peer.OwnsAddressAsync(theirs, Ct));
    }

    [Fact]
    public async Task TemplatesAsync_LitecoinsRegtestForBitcoins_NamesBothCoins()
    {
        await using Litecoind litecoind = await Litecoind.StartAsync(1, Ct);
        await using var reading = new TemplateReading(Options(litecoind.Node) with
        {
            Coin = Coin.Bitcoin, Network = Coin.Bitcoin.GetNetwork("regtest"),
        });

        DaemonStatus status = await reading.UntilAsync(DaemonState.WrongChain);

        Assert.Contains("follows litecoin regtest (\"regtest\", block 0 530827f3", status.Text);
        Assert.Contains("but bitcoin regtest (\"regtest\", block 0 0f9188f1", status.Text);
    }

    // Nothing but the long poll brings work in the time of a test.
    private static CoinDaemonOptions Options(LitecoindNode node) => TemplateReading.Options(node.Url) with
    {
        CookieFile = node.CookieFile,
        TipCheckInterval = TimeSpan.FromHours(1),
        JobInterval = TimeSpan.FromHours(1),
    };

    /// <summary>Waits until the daemon works on our long poll.</summary>
    private static async Task LongPollAsync(TemplateReading reading, LitecoindNode node)
    {
        reading.Ask();
        while (true)
        {
            JsonElement info = await node.CallAsync("getrpcinfo", [], Ct);
            if (info.GetProperty("active_commands").EnumerateArray()
                .Any(c => c.GetProperty("method").GetString() == "getblocktemplate"))
            {
                return;
            }

            await Task.Delay(5, Ct);
        }
    }
}
