using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A litecoind as it grows up, dies and comes back, seen by the one who waits for its work.</summary>
public sealed class LitecoindLifeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TemplatesAsync_AbsentAlonePeeredYoungKilledRestarted_EachHasItsWords()
    {
        using var folder = new TempFolder();
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next()];
        string[] arguments = ["-listen=0", "-maxtipage=86400", "-connect=0"];
        await using var reading = new TemplateReading(
            TemplateReading.Options(new Uri($"http://127.0.0.1:{ports[0]}/")) with
            {
                CookieFile = folder.File("node/regtest/.cookie"), TipCheckInterval = TimeSpan.FromMilliseconds(50),
            });
        await reading.UntilAsync(DaemonState.Absent);

        await using LitecoindNode peer = LitecoindNode.Start(
            folder.File("peer"), ports[1], $"-bind=127.0.0.1:{ports[2]}", "-listenonion=0");
        LitecoindNode node = LitecoindNode.Start(folder.File("node"), ports[0], arguments);
        try
        {
            DaemonStatus alone = await reading.UntilAsync(DaemonState.NoPeers);
            Assert.Contains("(-9", alone.Text);
            Assert.Contains("not connected", alone.Text);

            await peer.ReadyAsync(Ct);
            await node.CallAsync("addnode", [$"127.0.0.1:{ports[2]}", "onetry"], Ct);
            DaemonStatus behind = await reading.UntilAsync(DaemonState.Syncing);
            Assert.Contains("(-10)", behind.Text);

            await peer.CallAsync("createwallet", ["w"], Ct);
            string address = (await peer.CallAsync("getnewaddress", ["", "bech32"], Ct)).GetString()!;
            await peer.CallAsync("generatetoaddress", [1, address], Ct);
            Assert.Equal(2, (await reading.NextAsync()).Height);
            Assert.True(reading.Daemon.Status.IsReady);

            // A long poll is under way; kill -9 and a new cookie.
            reading.Ask();
            await node.KillAsync();
            await reading.UntilAsync(DaemonState.Absent);
            await node.DisposeAsync();
            node = LitecoindNode.Start(folder.File("node"), ports[0], [.. arguments[..^1], $"-connect=127.0.0.1:{ports[2]}"]);
            Assert.Equal(2, (await reading.NextAsync()).Height);

            // Told to stop, it ends though we are connected and waiting.
            reading.Ask();
            await node.DisposeAsync();
            await reading.UntilAsync(DaemonState.Absent);
        }
        finally
        {
            await reading.Daemon.DisposeAsync();
            await node.DisposeAsync();
        }

        // What else was seen on the way (starting, or a cookie not yet written) depends on the moment.
        DaemonState[] expected =
        [
            DaemonState.Absent, DaemonState.NoPeers, DaemonState.Syncing, DaemonState.Ready, DaemonState.Absent,
            DaemonState.Ready, DaemonState.Absent,
        ];
        Queue<DaemonState> rest = new(expected);
        foreach (DaemonState state in reading.States.Where(s => rest.TryPeek(out DaemonState next) && next == s))
        {
            rest.Dequeue();
        }

        Assert.Empty(rest);
    }

    [Fact]
    public void Start_WithoutLitecoind_SaysHowToInstallIt()
    {
        Assert.Equal("/usr/lib/litecoin/litecoind", LitecoindNode.Program);
        using var folder = new TempFolder();

        var e = Assert.Throws<FileNotFoundException>(
            () => LitecoindNode.Start(folder.File("x"), FreePort.Next(), folder.File("no-litecoind"), []));

        Assert.Contains("apt-get install litecoind", e.Message);
    }
}
