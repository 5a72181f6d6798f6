using System.Net;
using System.Net.Sockets;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Every way not to come up: the kind, a text that says what to change, and nothing left running.</summary>
public sealed class StartFailureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_NoSuchPath_SaysSo()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(
            world.Litecoind(world.File("nothing")), DaemonStartFailure.PathMissing);
        Assert.Contains($"there is no {world.File("nothing")}", e.Message);
    }

    [Fact]
    public async Task StartAsync_NameNotInPath_SaysSo()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(world.Litecoind("no-such-daemon"), DaemonStartFailure.PathMissing);
        Assert.Contains("no no-such-daemon in PATH", e.Message);
    }

    [Fact]
    public async Task StartAsync_PathIsAFolder_SaysSo()
    {
        await using var world = new SpawnWorld();
        await FailsAsync(world.Litecoind(world.Folder), DaemonStartFailure.PathIsFolder);
    }

    [Fact]
    public async Task StartAsync_FileWithoutExecuteBit_SaysSo()
    {
        await using var world = new SpawnWorld();
        File.WriteAllText(world.File("plain"), "#!/bin/sh\n");
        DaemonStartException e = await FailsAsync(
            world.Litecoind(world.File("plain")), DaemonStartFailure.NotExecutable);
        Assert.Contains("chmod +x", e.Message);
    }

    [Fact]
    public async Task StartAsync_FileThatIsNoProgram_GivesTheSystemsWords()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(
            world.Litecoind(world.Script("odd", "\u007fELF nothing")), DaemonStartFailure.Exited);
        Assert.Contains("exit code 127. It said: ", e.Message);
    }

    [Fact]
    public async Task StartAsync_PortTaken_NamesTheTaker()
    {
        await using var world = new SpawnWorld();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        DaemonStartException e = await FailsAsync(world.Litecoind() with { Port = port }, DaemonStartFailure.PortTaken);

        Assert.Contains($"port {port} is taken by", e.Message);
        Assert.Contains($"(pid {Environment.ProcessId})", e.Message);
    }

    [Fact]
    public async Task StartAsync_HostOfAnotherMachine_SaysSo()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(
            world.Litecoind() with { Host = "192.0.2.1" }, DaemonStartFailure.PortTaken);
        Assert.Contains("is it an address of this machine?", e.Message);
    }

    [Fact]
    public async Task StartAsync_DataFolderUnderAFile_SaysSo()
    {
        await using var world = new SpawnWorld();
        File.WriteAllText(world.File("file"), "");
        DaemonStartException e = await FailsAsync(
            world.Litecoind() with { DataDir = world.File("file/data") }, DaemonStartFailure.DataFolderNotCreatable);
        Assert.Contains(world.File("file/data"), e.Message);
    }

    [Fact]
    public async Task StartAsync_StateFolderUnderAFile_SaysSo()
    {
        await using var world = new SpawnWorld();
        File.WriteAllText(world.File("file"), "");
        await FailsAsync(
            world.Litecoind() with { StateFolder = world.File("file/state") }, DaemonStartFailure.StateFolderUnusable);
    }

    [Fact]
    public async Task StartAsync_StateFolderOfAnother_SaysSo()
    {
        await using var world = new SpawnWorld();
        await using var first = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        await first.StartAsync(Ct);

        await FailsAsync(first.Options, DaemonStartFailure.StateFolderUnusable);

        await first.CallAsync("getblockcount", cancellationToken: Ct);
        Assert.Equal(SpawnedState.Ready, first.State);
    }

    [Fact]
    public async Task StartAsync_UnknownArgument_GivesTheDaemonsWords()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(
            world.Litecoind() with { Args = ["nonsense=1"] }, DaemonStartFailure.Exited);
        Assert.Contains("exit code 1", e.Message);
        Assert.Contains("Invalid parameter -nonsense", e.Message);
    }

    [Fact]
    public async Task StartAsync_DataFolderOfAStrangersDaemon_LeavesThatAlone()
    {
        await using var world = new SpawnWorld();
        await using var stranger = LitecoindNode.Start(
            world.File("data"), FreePort.Next(), "-listen=0", "-rpcuser=somebody", "-rpcpassword=else");
        await SpawnWorld.UntilAsync(() => File.Exists(world.File("data/regtest/.lock")), "its lock");
        await SpawnWorld.UntilAsync(
            () => ProcessTable.OpenerOf(world.File("data/regtest/.lock")) == stranger.Pid, "its hold");

        DaemonStartException e = await FailsAsync(
            world.Litecoind() with { DataDir = world.File("data") }, DaemonStartFailure.DataFolderInUse);

        Assert.Contains($"in use by litecoind (pid {stranger.Pid})", e.Message);
        Assert.True(SpawnWorld.IsAlive(stranger.Pid));
    }

    [Fact]
    public async Task StartAsync_ExitsAtOnce_GivesItsLastLinesAndNothingElse()
    {
        await using var world = new SpawnWorld();
        DaemonExited? exited = null;
        await using var daemon = new SpawnedDaemon(world.Fake("""
            #!/bin/sh
            i=0; while [ $i -lt 1000 ]; do echo "line $i"; i=$((i+1)); done
            printf 'a \033[31mred\033[0m word\n' >&2
            exit 3
            """));
        daemon.Exited += (_, e) =>
        {
            exited = e;
            return default;
        };

        DaemonStartException e = await Assert.ThrowsAsync<DaemonStartException>(() => daemon.StartAsync(Ct));

        Assert.Equal(DaemonStartFailure.Exited, e.Failure);
        Assert.Contains("exit code 3", e.Message);
        Assert.Contains("line 999", e.Message);
        Assert.DoesNotContain("line 500", e.Message);
        Assert.DoesNotContain('\u001b', e.Message);
        Assert.Equal(3, exited!.ExitCode);
        Assert.Equal("line 999", exited.LastLines[^2]);
        Assert.Equal(SpawnedState.Stopped, daemon.State);
        Assert.Null(daemon.Pid);
    }

    [Fact]
    public async Task StartAsync_NeverAnswers_IsEnded()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(
            world.Fake("#!/bin/sh\necho 'I think' >&2\nexec sleep 1000\n") with { StartTimeout = TimeSpan.FromSeconds(0.3) },
            DaemonStartFailure.NoAnswer);
        Assert.Contains("keeps silent", e.Message);
        Assert.Contains("I think", e.Message);
    }

    [Fact]
    public async Task StartAsync_DoesNotKnowUs_IsEnded()
    {
        await using var world = new SpawnWorld();
        DaemonStartException e = await FailsAsync(
            world.Fake(FakeProgram.Python(answer: "return self.reply(401, b'')")), DaemonStartFailure.Unauthorized);
        Assert.Contains("HTTP 401", e.Message);
    }

    [Fact]
    public async Task StartAsync_Cancelled_LeavesNothing()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake("#!/bin/sh\nexec sleep 1000\n"));
        int pid = 0;
        using var cancel = new CancellationTokenSource();
        daemon.Starting += (_, e) =>
        {
            pid = e.Pid;
            cancel.Cancel();
            return default;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => daemon.StartAsync(cancel.Token));

        Assert.False(SpawnWorld.IsAlive(pid));
        Assert.Equal(SpawnedState.Stopped, daemon.State);
    }

    [Fact]
    public async Task StopAsync_WhileItStarts_EndsTheStart()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake("#!/bin/sh\nexec sleep 1000\n"));
        var begun = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        daemon.Starting += (_, e) =>
        {
            begun.SetResult(e.Pid);
            return default;
        };
        Task start = daemon.StartAsync(Ct);
        int pid = await begun.Task.WaitAsync(SpawnWorld.Patience, Ct);

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.False(SpawnWorld.IsAlive(pid));
    }

    [Fact]
    public async Task StartAsync_Twice_Throws()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        await daemon.StartAsync(Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => daemon.StartAsync(Ct));

        Assert.Equal(SpawnedState.Ready, daemon.State);
    }

    [Fact]
    public async Task StartAsync_NotEnabled_Throws()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()) with { Enable = false });

        await Assert.ThrowsAsync<InvalidOperationException>(() => daemon.StartAsync(Ct));

        Assert.False(Directory.Exists(world.State));
    }

    [Fact]
    public async Task StartAsync_AfterAFailure_WorksOnceMended()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake("#!/bin/sh\nexit 1\n"));
        await Assert.ThrowsAsync<DaemonStartException>(() => daemon.StartAsync(Ct));
        world.Script("faked", FakeProgram.Python());

        await daemon.StartAsync(Ct);

        Assert.Equal(7, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
    }

    private static async Task<DaemonStartException> FailsAsync(SpawnedDaemonOptions options, DaemonStartFailure failure)
    {
        await using var daemon = new SpawnedDaemon(options);
        var pids = new List<int>();
        daemon.Starting += (_, e) =>
        {
            if (!e.IsAdopted)
            {
                pids.Add(e.Pid);
            }

            return default;
        };

        DaemonStartException e = await Assert.ThrowsAsync<DaemonStartException>(
            () => daemon.StartAsync(Ct).WaitAsync(SpawnWorld.Patience));

        Assert.Equal(failure, e.Failure);
        Assert.Contains(options.Name, e.Message);
        Assert.Equal(SpawnedState.Stopped, daemon.State);
        Assert.DoesNotContain(pids, SpawnWorld.IsAlive);
        return e;
    }
}
