using System.Diagnostics;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>What runs already is found again, taken over, and stopped with us.</summary>
public sealed class AdoptionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_AfterWeWereKilled_TakesTheDaemonOver(bool generates)
    {
        await using var world = new SpawnWorld();
        (Process child, int pid, _) = await SpawnChild.StartAsync(world.Folder, generates);
        await KillAsync(child);
        Assert.True(SpawnWorld.IsAlive(pid));
        await using var daemon = new SpawnedDaemon(SpawnChild.Options(world.Folder, generates, notifyPort: 1338) with
        {
            LoggerFactory = world.Log,
        });
        DaemonReady? ready = null;
        DaemonExited? exited = null;
        daemon.Ready += (_, e) =>
        {
            ready = e;
            return default;
        };
        daemon.Exited += (_, e) =>
        {
            exited = e;
            return default;
        };

        // Before the start already.
        Assert.Equal(0, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
        await daemon.StartAsync(Ct);

        Assert.Equal(new DaemonReady(pid, IsAdopted: true, ready!.Differences), ready);
        Assert.Equal(["-blocknotify"], ready.Differences);
        Assert.Contains("was started with other -blocknotify", world.Log.All);
        Assert.Equal(pid, daemon.Pid);
        Assert.Equal(0, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
        await daemon.StopAsync(Ct);
        Assert.False(SpawnWorld.IsAlive(pid));
        Assert.Equal(pid, exited!.Pid);
        Assert.Equal("exit code unknown", exited.Reason);
    }

    [Fact]
    public async Task Sigint_ToOurGroup_DoesNotReachTheDaemon()
    {
        await using var world = new SpawnWorld();
        (Process child, int pid, int canary) = await SpawnChild.StartAsync(world.Folder, generates: false);

        using (Process kill = Process.Start("/bin/sh", ["-c", "kill -s INT -- -$0", $"{child.Id}"]))
        {
            await kill.WaitForExitAsync(Ct);
        }

        await SpawnWorld.UntilAsync(() => !SpawnWorld.IsAlive(canary), "the end of what the signal reaches");
        await KillAsync(child);
        Assert.True(SpawnWorld.IsAlive(pid));
        await using var daemon = new SpawnedDaemon(SpawnChild.Options(world.Folder, generates: false, notifyPort: 1337));
        await daemon.StartAsync(Ct);
        // One that is told to end looks for it five times a second, and answers meanwhile.
        int uptime = await UptimeAsync(daemon);
        while (await UptimeAsync(daemon) < uptime + 2)
        {
            await Task.Delay(50, Ct);
        }

        Assert.Equal(pid, daemon.Pid);
    }

    [Fact]
    public async Task Death_OfAnAdoptedDaemon_IsSeenAndItIsStartedAnew()
    {
        await using var world = new SpawnWorld();
        (Process child, int pid, _) = await SpawnChild.StartAsync(world.Folder, generates: false);
        await KillAsync(child);
        await using var daemon = new SpawnedDaemon(SpawnChild.Options(world.Folder, generates: false, notifyPort: 1337) with
        {
            MinRestartDelay = TimeSpan.FromMilliseconds(50),
        });
        await daemon.StartAsync(Ct);
        Uri url = daemon.Url;

        SpawnWorld.Kill(pid);
        await SpawnWorld.UntilAsync(() => daemon.State == SpawnedState.Ready && daemon.Pid != pid, "a second life");

        Assert.Equal(url, daemon.Url);
        Assert.Equal(0, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
    }

    [Fact]
    public async Task StartAsync_DaemonStartedByHand_IsTakenOverAndStoppedWithUs()
    {
        await using var world = new SpawnWorld();
        await using var byHand = LitecoindNode.Start(world.File("data"), FreePort.Next(), "-listen=0");
        await SpawnWorld.UntilAsync(
            () => ProcessTable.OpenerOf(world.File("data/regtest/.lock")) == byHand.Pid, "its hold on the data");
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            DataDir = world.File("data"), Port = byHand.Url.Port,
        });

        await daemon.StartAsync(Ct);

        Assert.Equal(byHand.Pid, daemon.Pid);
        Assert.Contains("runs already", world.Log.All);
        await daemon.StopAsync(Ct);
        Assert.False(SpawnWorld.IsAlive(byHand.Pid));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(5, true)]
    public async Task PeerPort_OfADaemonStartedByHand_IsThatOfItsCommandLine(int? given, bool isTold)
    {
        await using var world = new SpawnWorld();
        int port = FreePort.Next();
        await using var byHand = LitecoindNode.Start(
            world.File("data"), FreePort.Next(), isTold ? ["-listen=0", $"-port={port}"] : ["-listen=0"]);
        await SpawnWorld.UntilAsync(
            () => ProcessTable.OpenerOf(world.File("data/regtest/.lock")) == byHand.Pid, "its hold on the data");
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            DataDir = world.File("data"), PeerPort = given,
        });
        int? expected = given == 0 && isTold ? port : given > 0 ? given : null;

        daemon.PickPorts();
        Assert.Equal(expected, daemon.PeerPort);
        await daemon.StartAsync(Ct);

        Assert.Equal(expected, daemon.PeerPort);
        Assert.Equal(byHand.Pid, daemon.Pid);
    }

    [Fact]
    public async Task Death_OfADaemonStartedByHand_KeepsItsPorts()
    {
        await using var world = new SpawnWorld();
        int peerPort = FreePort.Next();
        await using var byHand = LitecoindNode.Start(
            world.File("data"), FreePort.Next(), "-listen=1", "-bind=127.0.0.1", "-listenonion=0", $"-port={peerPort}");
        await SpawnWorld.UntilAsync(
            () => ProcessTable.OpenerOf(world.File("data/regtest/.lock")) == byHand.Pid, "its hold on the data");
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            DataDir = world.File("data"), PeerPort = 0,
        });
        await daemon.StartAsync(Ct);

        SpawnWorld.Kill(byHand.Pid);
        await SpawnWorld.UntilAsync(
            () => daemon.State == SpawnedState.Ready && daemon.Pid != byHand.Pid, "a second life");

        Assert.Equal((byHand.Url.Port, peerPort), (daemon.Url.Port, daemon.PeerPort));
        Assert.Contains($"-port={peerPort}", ProcessTable.Arguments(daemon.Pid!.Value));
    }

    [Fact]
    public async Task StartAsync_DaemonWithThePortInItsFile_IsFoundThere()
    {
        await using var world = new SpawnWorld();
        int port = FreePort.Next();
        Directory.CreateDirectory(world.File("data"));
        File.WriteAllText(
            world.File("data/litecoin.conf"),
            $"listen=0\ndnsseed=0\ndiscover=0\nkeypool=5\nrpcport=1\n[regtest]\nrpcport={port}\n");
        using Process byHand = Process.Start(
            LitecoindNode.Program, ["-regtest", "-server", "-printtoconsole=0", $"-datadir={world.File("data")}"]);
        await SpawnWorld.UntilAsync(
            () => ProcessTable.OpenerOf(world.File("data/regtest/.lock")) == byHand.Id, "its hold on the data");
        await using var daemon = new SpawnedDaemon(world.Litecoind() with { DataDir = world.File("data") });

        daemon.PickPorts();
        Assert.Equal(port, daemon.Url.Port);
        await daemon.StartAsync(Ct);

        Assert.Equal(byHand.Id, daemon.Pid);
    }

    [Theory]
    [InlineData(null, 0, null, null)]
    [InlineData(null, 0, 3, 3)]
    [InlineData(null, 2, 3, 2)]
    [InlineData("[regtest]\nrpcport=1", 2, 3, 1)]
    [InlineData("[regtest]\nrpcport=many", 2, 3, 2)]
    public async Task PickPorts_DaemonWithoutAPortOnItsCommandLine_TakesWhatIsKnown(
        string? file, int given, int? known, int? expected)
    {
        await using var world = new SpawnWorld();
        string held = world.File("data/regtest/.lock");
        Directory.CreateDirectory(world.File("data/regtest"));
        File.WriteAllText(held, "");
        File.WriteAllText(world.File("data/litecoin.conf"), file);
        using Process other = Process.Start("tail", ["-f", held]);
        await SpawnWorld.UntilAsync(() => ProcessTable.OpenerOf(held) == other.Id, "its hold on the data");
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            DataDir = world.File("data"), Port = given, Network = DaemonNetwork.Regtest with { RpcPort = known },
        });

        if (expected is null)
        {
            DaemonStartException e = Assert.Throws<DaemonStartException>(daemon.PickPorts);
            Assert.Equal(DaemonStartFailure.DataFolderInUse, e.Failure);
            Assert.Contains($"tail (pid {other.Id})", e.Message);
            Assert.Contains("its RPC port is not known", e.Message);
        }
        else
        {
            daemon.PickPorts();
            Assert.Equal(expected, daemon.Url.Port);
        }
    }

    [Fact]
    public async Task StartAsync_OneThatIsJustStopping_IsReplaced()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        string flag = world.File("answers");
        string stopping = world.Script("stopping", "#!/bin/sh\nwhile [ ! -e \"$1\" ]; do sleep 0.02; done\n");
        Directory.CreateDirectory(world.State);
        using Process other = Process.Start(stopping, [flag, $"-datadir={daemon.Options.DataFolder}", "-rpcport=1"]);
        File.Copy($"/proc/{other.Id}/stat", Path.Combine(world.State, "process"));
        daemon.Starting += (_, e) =>
        {
            if (e.IsAdopted)
            {
                File.WriteAllText(flag, "");
            }

            return default;
        };

        await daemon.StartAsync(Ct);

        Assert.True(other.WaitForExit(SpawnWorld.Patience));
        Assert.NotEqual(other.Id, daemon.Pid);
        Assert.Contains("is taken over", world.Log.All);
        Assert.Equal(7, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
    }

    [Fact]
    public async Task StartAsync_AnotherProcessListensOnItsPort_IsNotTakenOver()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        string[] arguments = [$"-datadir={daemon.Options.DataFolder}", $"-rpcport={FreePort.Next()}"];
        Directory.CreateDirectory(daemon.Options.DataFolder);
        using Process listener = Process.Start("setsid", [daemon.Options.Path, .. arguments]);
        string silent = world.Script("silent", "#!/bin/sh\nwhile :; do sleep 0.1; done\n");
        using Process holder = Process.Start(silent, arguments);
        File.Copy($"/proc/{holder.Id}/stat", Path.Combine(world.State, "process"));

        DaemonStartException e = await Assert.ThrowsAsync<DaemonStartException>(() => daemon.StartAsync(Ct));

        Assert.Equal(DaemonStartFailure.PortTaken, e.Failure);
        Assert.Contains($"(pid {holder.Id}) runs on", e.Message);
        Assert.Contains($"(pid {listener.Id}) that listens on port", e.Message);
        Assert.True(SpawnWorld.IsAlive(holder.Id));
    }

    [Fact]
    public async Task StartAsync_OursOnAnotherDataFolder_IsNotForgotten()
    {
        await using var world = new SpawnWorld();
        (Process child, int pid, _) = await SpawnChild.StartAsync(world.Folder, generates: false);
        await KillAsync(child);
        await using var daemon = new SpawnedDaemon(SpawnChild.Options(world.Folder, generates: false, notifyPort: 1337) with
        {
            DataDir = world.File("other"),
        });

        DaemonStartException e = await Assert.ThrowsAsync<DaemonStartException>(() => daemon.StartAsync(Ct));

        Assert.Equal(DaemonStartFailure.StateFolderUnusable, e.Failure);
        Assert.Contains($"litecoind (pid {pid})", e.Message);
        Assert.True(SpawnWorld.IsAlive(pid));
        Assert.NotNull(ProcessStat.Recorded(Path.Combine(world.State, "process")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("99999999 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0")]
    [InlineData("OURS")]
    public async Task StartAsync_RecordOfNobody_StartsAnew(string record)
    {
        await using var world = new SpawnWorld();
        SpawnedDaemonOptions options = world.Fake(FakeProgram.Python());
        Directory.CreateDirectory(options.StateFolder);
        // A pid that is somebody else's by now: it began at another time.
        string line = record == "OURS"
            ? File.ReadAllText("/proc/self/stat").Replace($" {ProcessStat.Of(Environment.ProcessId)!.Start} ", " 1 ")
            : record;
        File.WriteAllText(Path.Combine(options.StateFolder, "process"), line);
        await using var daemon = new SpawnedDaemon(options);

        await daemon.StartAsync(Ct);

        Assert.NotEqual(Environment.ProcessId, daemon.Pid);
        Assert.Equal(SpawnedState.Ready, daemon.State);
    }

    [Fact]
    public async Task Port_Zero_IsTheSameAtTheNextStart()
    {
        await using var world = new SpawnWorld();
        SpawnedDaemonOptions options = world.Fake(FakeProgram.Python()) with { PeerPort = 0 };
        await using var first = new SpawnedDaemon(options);
        Assert.Throws<InvalidOperationException>(() => first.Url);
        await first.StartAsync(Ct);
        (Uri url, int? peer) = (first.Url, first.PeerPort);
        await first.StopAsync(Ct);
        await using var second = new SpawnedDaemon(options);

        await second.StartAsync(Ct);

        Assert.Equal(url, second.Url);
        Assert.Equal(peer, second.PeerPort);
        Assert.NotNull(peer);
        Assert.NotEqual(url.Port, peer);
    }

    private static async Task<int> UptimeAsync(SpawnedDaemon daemon) =>
        (await daemon.CallAsync("uptime", cancellationToken: Ct)).GetInt32();

    private static async Task KillAsync(Process child)
    {
        child.Kill();
        await child.WaitForExitAsync(Ct);
        child.Dispose();
    }
}
