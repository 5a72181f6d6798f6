using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>With Debian's litecoind, in regtest.</summary>
public sealed class SpawnedLitecoindTests
{
    private const string Wrapper = "/usr/bin/litecoind";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LitecoindNode.Program)]
    [InlineData(Wrapper)]
    public async Task StartAsync_RealDaemon_AnswersAndStopsWithUs(string path)
    {
        await using var world = new SpawnWorld();
        var events = new List<string>();
        await using var daemon = new SpawnedDaemon(world.Litecoind(path));
        daemon.Starting += (_, e) => Add($"starting {e.IsAdopted}");
        daemon.Ready += (_, e) => Add($"ready {e.IsAdopted}");
        daemon.Exited += (_, e) => Add($"exited {e.ExitCode} {e.WasAskedTo}");

        await daemon.StartAsync(Ct);
        int pid = daemon.Pid!.Value;
        JsonElement chain = await daemon.CallAsync("getblockchaininfo", cancellationToken: Ct);
        ProcessStat stat = ProcessStat.Of(pid)!;

        Assert.Equal("regtest", chain.GetProperty("chain").GetString());
        Assert.Equal(SpawnedState.Ready, daemon.State);
        Assert.Equal(pid, stat.Session);
        await daemon.StopAsync(Ct);
        Assert.False(SpawnWorld.IsAlive(pid));
        Assert.Equal(SpawnedState.Stopped, daemon.State);
        Assert.Equal(["starting False", "ready False", "exited 0 True"], events);
        // What Debian's script writes to the home folder, it writes to one of ours.
        Assert.Equal(path == Wrapper, Directory.Exists(Path.Combine(world.State, "home", ".litecoin")));

        ValueTask Add(string text)
        {
            events.Add(text);
            return default;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_FoldersWithAHash_AreFineWhereNoFileNamesThem(bool generates)
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            StateFolder = world.File("state #1"), GenerateCredentials = generates, ConfigFile = null,
        });

        await daemon.StartAsync(Ct);

        Assert.Equal(SpawnedState.Ready, daemon.State);
    }

    [Fact]
    public async Task CallBatchAsync_RealDaemon_AnswersEachCall()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Litecoind());
        await daemon.StartAsync(Ct);

        IReadOnlyList<RpcBatchAnswer> answers = await daemon.CallBatchAsync(
            [new("getblockcount"), new("nonsense"), new("getblockhash", [0])], cancellationToken: Ct);

        Assert.Equal(0, answers[0].Result.GetInt32());
        Assert.Equal(-32601, answers[1].Error!.Code);
        Assert.Equal(64, answers[2].Result.GetString()!.Length);
    }

    [Fact]
    public async Task CallAsync_ParametersByName_ReachTheRealDaemon()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Litecoind());
        await daemon.StartAsync(Ct);
        await using var coin = new CoinDaemon(
            daemon.ToCoinDaemonOptions(Coin.Litecoin, Coin.Litecoin.Networks.Single(one => one.Name == "regtest")));
        JsonElement first = await daemon.CallAsync("getblockhash", [0], cancellationToken: Ct);
        // Neither what stands for nothing nor what is empty is ambiguous.
        Assert.Equal(0, (await daemon.CallAsync("getblockcount", null, null, Ct)).GetInt32());
        Assert.Equal(0, (await coin.CallAsync("getblockcount", [], null, Ct)).GetInt32());

        var height = new JsonObject { ["height"] = 0 };
        JsonElement named = await daemon.CallAsync("getblockhash", height, cancellationToken: Ct);
        JsonElement again = await coin.CallAsync("getblockhash", height, cancellationToken: Ct);

        Assert.Equal(first.GetString(), named.GetString());
        Assert.Equal(first.GetString(), again.GetString());
    }

    [Fact]
    public async Task ToCoinDaemonOptions_TwoConnectedDaemons_GiveATemplateAfterOneBlock()
    {
        await using var world = new SpawnWorld();
        SpawnedDaemonOptions common = world.Litecoind();
        await using var peer = new SpawnedDaemon(common with
        {
            Name = "peer",
            StateFolder = world.File("peer"),
            PeerPort = 0,
            Args = [.. common.Args, "listen=1", "-bind=127.0.0.1", "listenonion=0"],
        });
        await peer.StartAsync(Ct);
        await using var daemon = new SpawnedDaemon(common with
        {
            Args = [.. common.Args, $"connect=127.0.0.1:{peer.PeerPort}"],
        });
        await daemon.StartAsync(Ct);
        while ((await daemon.CallAsync("getconnectioncount", cancellationToken: Ct)).GetInt32() == 0)
        {
            await Task.Delay(10, Ct);
        }

        await daemon.CallAsync("generatetodescriptor", [1, "raw(51)"], cancellationToken: Ct);

        await using var coin = new CoinDaemon(
            daemon.ToCoinDaemonOptions(Coin.Litecoin, Coin.Litecoin.Networks.Single(one => one.Name == "regtest")));
        BlockTemplate template = await coin.GetTemplateAsync(cancellationToken: Ct);

        Assert.Equal(2, template.Height);
    }
}
