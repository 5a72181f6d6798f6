using System.Runtime.InteropServices;
using System.Text;
using Stratum.Client;

namespace Stratum.Cli.Tests;

/// <summary><c>pool --spawn</c>: the pool brings up the daemons that it needs, and neither dies of the other.</summary>
public sealed class SpawnTests
{
    [Fact]
    public async Task Pool_Spawn_MinesAndHearsOfTheDaemonsOwnBlock()
    {
        await using var world = new SpawnedPool();
        await using var pool = world.Start();
        var listening = await pool.EventAsync("listening");
        await using (var miner = Mine(listening.GetProperty("port").GetInt32(), "--shares", "3"))
            Assert.Equal(0, await miner.ExitCodeAsync());
        await pool.EventAsync("block", block => block.GetProperty("accepted").GetBoolean());
        await using var client = new StratumClient(StratumClientOptions.Default with { User = "reader" });
        await client.ConnectAsync($"stratum+tcp://127.0.0.1:{listening.GetProperty("port").GetInt32()}");
        await client.LoginAsync();

        var hash = await world.GenerateAsync();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var job in client.Jobs(patience.Token))
            if (job.Clean && job.Notify.PreviousBlock.ToString() == hash)
                break;
        await pool.EventAsync("notified", notice => notice.GetProperty("data").GetString() == hash
            && notice.GetProperty("source").GetString() == "litecoin");
        var height = (await world.CallAsync("getblock", [hash])).GetProperty("height").GetInt32();
        await pool.EventAsync("job", job => job.GetProperty("height").GetInt32() == height + 1 && job.GetProperty("clean").GetBoolean());
        Assert.Equal(0, await pool.SignalAsync(PosixSignal.SIGINT));
        Assert.Empty(world.Processes());
    }

    [Fact]
    public async Task Pool_ItsDaemonIsKilled_SaysSoAndMinesOn()
    {
        await using var world = new SpawnedPool();
        await using var pool = world.Start();
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var miner = Mine(port);
        await pool.EventAsync("block", block => block.GetProperty("accepted").GetBoolean());
        var daemon = Pid(pool, "litecoin");

        await SpawnedPool.SignalAsync(daemon, "KILL");

        var restarting = await pool.EventAsync("spawned", status => status.GetProperty("state").GetString() == "Restarting");
        Assert.Contains("signal 9", restarting.GetProperty("text").GetString());
        await SpawnedPool.UntilAsync(() => Pid(pool, "litecoin") != daemon, "another daemon that is ready");
        var before = pool.Events("block").Count();
        await pool.EventAsync("block", block => pool.Events("block").Count() > before + 1);
        Assert.DoesNotContain(pool.Events("session"), session => session.GetProperty("state").GetString() == "closed");
    }

    [Fact]
    public async Task Pool_IsKilled_TheNextTakesItsDaemonsOverAndTheyReachIt()
    {
        await using var world = new SpawnedPool();
        int daemon;
        await using (var first = world.Start())
        {
            await first.EventAsync("listening");
            daemon = Pid(first, "litecoin");
            await SpawnedPool.SignalAsync(first.Pid, "KILL");
            await first.ExitCodeAsync();
        }
        Assert.Contains(world.Processes(), process => process.Pid == daemon);

        await using var second = world.Start();
        await second.EventAsync("notice", notice => notice.GetProperty("text").GetString()!.Contains("taken over"));
        await second.EventAsync("listening");
        var hash = await world.GenerateAsync();

        await second.EventAsync("notified", notice => notice.GetProperty("data").GetString() == hash);
        Assert.Equal(daemon, Pid(second, "litecoin"));
        Assert.Equal(0, await second.SignalAsync(PosixSignal.SIGTERM));
        Assert.Empty(world.Processes());
    }

    [Fact]
    public async Task Secrets_OfDaemonNotifyAndShell_AreNowhere()
    {
        await using var world = new SpawnedPool();
        // With all that it can say.
        await using var pool = world.Start([("DEBUG", "stratum")]);
        await pool.EventAsync("listening");
        var secret = world.NotifyPassword;
        Assert.Equal(64, secret.Length);
        var onTheWire = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));

        // A pool that stands still: the command that the daemon runs waits for its answer, and can be looked at.
        await SpawnedPool.SignalAsync(pool.Pid, "STOP");
        await world.GenerateAsync();
        await SpawnedPool.UntilAsync(() => Notifying(world).Count() >= 2, "the notify command and its shell");
        var processes = world.Processes();
        await SpawnedPool.SignalAsync(pool.Pid, "CONT");
        await pool.EventAsync("notified");

        Assert.All(processes, process => Assert.DoesNotContain(secret, process.Arguments + process.Environment));
        Assert.All(processes, process => Assert.DoesNotContain(onTheWire, process.Arguments + process.Environment));
        Assert.All(processes, process => Assert.DoesNotContain("rpcpassword", process.Arguments));
        Assert.DoesNotContain(secret, string.Join('\n', pool.Lines) + pool.Errors);
        Assert.DoesNotContain(onTheWire, string.Join('\n', pool.Lines) + pool.Errors);
    }

    [Theory]
    [InlineData("/no/such/daemon", "there is no")]
    [InlineData("/usr", "folder")]
    [InlineData("/etc/passwd", "execut")]
    public async Task Pool_WhatIsNoProgram_SaysSo(string path, string why)
    {
        await using var world = new SpawnedPool();
        await using var pool = world.Start(path);

        Assert.Equal(1, await pool.ExitCodeAsync());
        Assert.Contains(path, pool.LastError);
        Assert.Contains(why, pool.LastError);
        Assert.Contains("daemon litecoin did not start", pool.LastError);
    }

    [Fact]
    public async Task Pool_DaemonThatEndsAtOnce_ItsLastWordsAreTold()
    {
        await using var world = new SpawnedPool();
        await using var pool = world.Start(SpawnedPool.Wrapper, "--spawn-arg=-nosuchoption");

        Assert.Equal(1, await pool.ExitCodeAsync());
        Assert.Contains("nosuchoption", pool.LastError);
        Assert.Empty(world.Processes());
    }

    [Theory]
    [InlineData("peercoin")]
    [InlineData("ppcoin")]
    [InlineData("primecoin")]
    public async Task Pool_CoinThatIsADaemonOnly_IsRefusedAndSaysWhy(string coin)
    {
        await using var pool = Command.Start("pool", "--coin", coin, "--daemon", "http://127.0.0.1:1", "--rpc-cookie", "x", "--address", "y");

        Assert.Equal(2, await pool.ExitCodeAsync());
        Assert.Contains("is not mined here", pool.LastError);
        Assert.Contains("bitcoin, litecoin", pool.LastError);
    }

    [Fact]
    public async Task Pool_RpcPortThatItsDaemonCannotCall_BadUsage()
    {
        await using var world = new SpawnedPool();
        await using var pool = world.Start(SpawnedPool.Wrapper, "--rpc-mode", "http");

        Assert.Equal(2, await pool.ExitCodeAsync());
        Assert.Contains("--rpc-mode both", pool.LastError);
    }

    [Theory]
    [InlineData("--spawn-arg=-rpcpassword=secret", "Password")]
    [InlineData("--spawn-arg=-datadir=/x", "DataDir")]
    public async Task Pool_ArgumentThatMustNotBeGiven_BadUsageWithoutTheSecret(string argument, string instead)
    {
        await using var world = new SpawnedPool();
        await using var pool = world.Start(SpawnedPool.Wrapper, argument);

        Assert.Equal(2, await pool.ExitCodeAsync());
        Assert.Contains(instead, pool.LastError);
        Assert.DoesNotContain("secret", pool.Errors);
    }

    private static IEnumerable<(int, string, string)> Notifying(SpawnedPool world) =>
        world.Processes().Where(process => process.Arguments.Contains("Stratum.BlockNotify") && !process.Arguments.Contains("-datadir="));

    private static Command Mine(int port, params string[] more) =>
        Command.Start(["mine", $"stratum+tcp://127.0.0.1:{port}", "--user", "u", "--algorithm", "scrypt", .. more]);

    // Of the daemon that became ready last.
    private static int Pid(Command pool, string name) => pool.Events("spawned")
        .Last(status => status.GetProperty("name").GetString() == name && status.GetProperty("state").GetString() == "Ready")
        .GetProperty("pid").GetInt32();
}
