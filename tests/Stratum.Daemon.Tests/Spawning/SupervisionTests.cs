using Stratum.Rpc;

namespace Stratum.Daemon.Tests;

/// <summary>From ready to the end: death, restarts, and stopping what does not want to stop.</summary>
public sealed class SupervisionTests
{
    // A life after the first ends at once, until the file "well" is there.
    private const string DiesAgain = """
        home = os.path.dirname(args['datadir'])
        if os.path.exists(home + '/lived') and not os.path.exists(home + '/well'):
            say('the chain is broken')
            sys.exit(5)
        open(home + '/lived', 'w').close()
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Death_OfAReadyDaemon_IsToldAndItReturnsOnTheSamePort()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(setup: "say('hello')")));
        var exits = new List<DaemonExited>();
        var states = new List<SpawnedState>();
        daemon.StatusChanged += status => states.Add(status.State);
        daemon.Exited += (_, e) =>
        {
            exits.Add(e);
            return default;
        };
        await daemon.StartAsync(Ct);
        Uri url = daemon.Url;
        int first = daemon.Pid!.Value;

        SpawnWorld.Kill(first);
        await SpawnWorld.UntilAsync(() => daemon.State == SpawnedState.Ready && daemon.Pid != first, "a second life");

        Assert.Equal(9, Assert.Single(exits).Signal);
        Assert.Null(exits[0].ExitCode);
        Assert.Equal(["hello"], exits[0].LastLines);
        Assert.False(exits[0].WasAskedTo);
        Assert.Contains(SpawnedState.Restarting, states);
        // A new cookie, and the same client object finds it.
        Assert.Equal(url, daemon.Url);
        Assert.Equal(7, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
    }

    [Fact]
    public async Task Death_AgainAndAgain_KeepsTheLastWordsAndGrowsThePause()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(setup: DiesAgain)));
        var texts = new List<string>();
        daemon.StatusChanged += status =>
        {
            if (status.State == SpawnedState.Restarting)
            {
                lock (texts)
                {
                    texts.Add(status.Text);
                }
            }
        };
        await daemon.StartAsync(Ct);

        SpawnWorld.Kill(daemon.Pid!.Value);
        await SpawnWorld.UntilAsync(() => Count() >= 4, "four restarts");
        string[] seen;
        lock (texts)
        {
            seen = [.. texts];
        }

        Assert.Contains("signal 9", seen[0]);
        Assert.All(seen[1..4], text => Assert.Contains("the chain is broken", text));
        Assert.All(seen[1..4], text => Assert.Contains("exit code 5", text));
        Assert.Equal(["0.05", "0.1", "0.2", "0.4"], seen[..4].Select(text => text.Split("Restarting in ")[1].Split(' ')[0]));
        File.WriteAllText(Path.Combine(world.State, "well"), "");
        await SpawnWorld.UntilAsync(() => daemon.State == SpawnedState.Ready, "its recovery");

        int Count()
        {
            lock (texts)
            {
                return texts.Count;
            }
        }
    }

    [Fact]
    public async Task Restart_ThatNeverAnswers_IsEndedAndTriedAgain()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()) with
        {
            StartTimeout = TimeSpan.FromSeconds(5),
        });
        await daemon.StartAsync(Ct);
        world.Script("faked", "#!/bin/sh\nexec sleep 1000\n");
        SpawnWorld.Kill(daemon.Pid!.Value);
        await SpawnWorld.UntilAsync(() => daemon.Status.Text.Contains("keeps silent"), "its silence");
        Assert.Equal(SpawnedState.Restarting, daemon.State);

        world.Script("faked", FakeProgram.Python());
        await SpawnWorld.UntilAsync(() => daemon.State == SpawnedState.Ready, "its recovery");
    }

    [Fact]
    public async Task StopAsync_WhileItWaitsToRestart_StartsNothingMore()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()) with
        {
            MinRestartDelay = TimeSpan.FromHours(1),
            MaxRestartDelay = TimeSpan.FromHours(1),
        });
        await daemon.StartAsync(Ct);
        SpawnWorld.Kill(daemon.Pid!.Value);
        await SpawnWorld.UntilAsync(() => daemon.State == SpawnedState.Restarting, "its death");

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        Assert.Equal(SpawnedState.Stopped, daemon.State);
    }

    [Fact]
    public async Task WarmUp_HoweverLong_IsWaitedForAndTold()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(
            answer: "if calls < 60: result, error = None, (-28, 'Loading block index...')")) with
        {
            // Less than the warm-up takes: what says that it starts is not silent.
            StartTimeout = TimeSpan.FromSeconds(1),
        });
        var texts = new List<string>();
        daemon.StatusChanged += status => texts.Add(status.Text);

        await daemon.StartAsync(Ct);

        Assert.Contains(texts, text => text.Contains("Loading block index..."));
        Assert.Equal(7, (await daemon.CallAsync("getblockcount", cancellationToken: Ct)).GetInt32());
    }

    [Fact]
    public async Task StopAsync_IgnoresTheCallAndSigterm_IsKilled()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(
            "signal.signal(signal.SIGTERM, lambda *a: say('TERM'))", "if method == 'stop': result = 'no'; say('STOP')")) with
        {
            StopTimeout = TimeSpan.FromSeconds(0.3),
            TerminateTimeout = TimeSpan.FromSeconds(0.3),
        });
        DaemonExited? exited = null;
        daemon.Exited += (_, e) =>
        {
            exited = e;
            return default;
        };
        await daemon.StartAsync(Ct);
        int pid = daemon.Pid!.Value;

        await daemon.StopAsync(Ct);

        Assert.False(SpawnWorld.IsAlive(pid));
        Assert.Equal(9, exited!.Signal);
        Assert.Equal(["STOP", "TERM"], exited.LastLines);
        Assert.True(exited.WasAskedTo);
    }

    [Fact]
    public async Task StopAsync_RefusesTheCall_IsTerminatedAtOnce()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(
            answer: "if method == 'stop': result, error = None, (-32601, 'Method not found')")) with
        {
            StopTimeout = TimeSpan.FromHours(1),
        });
        DaemonExited? exited = null;
        daemon.Exited += (_, e) =>
        {
            exited = e;
            return default;
        };
        await daemon.StartAsync(Ct);

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        Assert.Equal(15, exited!.Signal);
        Assert.Contains("Method not found", world.Log.All);
    }

    [Fact]
    public async Task StopAsync_FrozenDaemon_IsKilled()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(
            answer: "if method == 'freeze': os.kill(os.getpid(), signal.SIGSTOP); time.sleep(60)")) with
        {
            CallTimeout = TimeSpan.FromSeconds(0.5),
            TerminateTimeout = TimeSpan.FromSeconds(0.3),
        });
        await daemon.StartAsync(Ct);
        int pid = daemon.Pid!.Value;
        await Assert.ThrowsAsync<RpcTransportException>(() => daemon.CallAsync("freeze", cancellationToken: Ct));

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        Assert.False(SpawnWorld.IsAlive(pid));
    }

    [Fact]
    public async Task StopAsync_ScriptThatRunsTheDaemonBelowItself_EndsBoth()
    {
        await using var world = new SpawnWorld();
        string inner = world.Script("inner", FakeProgram.Python("open(args['datadir'] + '/inner', 'w').write(str(os.getpid()))",
            "if method == 'stop': result = 'no'"));
        await using var daemon = new SpawnedDaemon(world.Fake($"#!/bin/sh\n{inner} \"$@\"\nexit 0\n") with
        {
            StopTimeout = TimeSpan.FromSeconds(0.3),
        });
        await daemon.StartAsync(Ct);
        int script = daemon.Pid!.Value;
        int below = int.Parse(File.ReadAllText(Path.Combine(world.State, "data", "inner")));
        Assert.NotEqual(script, below);

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        Assert.False(SpawnWorld.IsAlive(script));
        await SpawnWorld.UntilAsync(() => !SpawnWorld.IsAlive(below), "the end of the daemon below");
    }

    [Fact]
    public async Task Exited_HandlerThatStops_EndsTheRestarts()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        daemon.Exited += async (_, _) =>
        {
            await daemon.StopAsync(Ct);
            stopped.TrySetResult();
        };
        await daemon.StartAsync(Ct);

        SpawnWorld.Kill(daemon.Pid!.Value);
        await stopped.Task.WaitAsync(SpawnWorld.Patience, Ct);

        Assert.Equal(SpawnedState.Stopped, daemon.State);
        await daemon.StartAsync(Ct);
        Assert.Equal(SpawnedState.Ready, daemon.State);
    }

    [Fact]
    public async Task Exited_HandlerThatStopsAtTheSecondDeath_EndsInOrder()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python(setup: DiesAgain)) with
        {
            User = "u", Password = "p",
        });
        var stopped = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        daemon.Exited += async (_, e) =>
        {
            // The restart, which did not live to answer.
            if (e.ExitCode == 5)
            {
                Task stop = daemon.StopAsync(Ct);
                await Task.WhenAny(stop);
                stopped.TrySetResult(stop);
            }
        };
        await daemon.StartAsync(Ct);

        SpawnWorld.Kill(daemon.Pid!.Value);
        await (await stopped.Task.WaitAsync(SpawnWorld.Patience, Ct));

        await AssertStoppedAsync(world, daemon);
    }

    [Fact]
    public async Task StopAsync_WhileASilentRestartIsEnded_EndsInOrder()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()) with
        {
            User = "u", Password = "p",
            StartTimeout = TimeSpan.FromSeconds(5),
            TerminateTimeout = TimeSpan.FromSeconds(1),
        });
        await daemon.StartAsync(Ct);
        world.Script("faked", "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n");
        SpawnWorld.Kill(daemon.Pid!.Value);
        await SpawnWorld.UntilAsync(() => world.Log.All.Contains("SIGTERM is sent"), "the end of its patience");

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        world.Script("faked", FakeProgram.Python());
        await AssertStoppedAsync(world, daemon);
    }

    // Stopped, without secrets, and ready to be started again, for which "well" is there.
    private static async Task AssertStoppedAsync(SpawnWorld world, SpawnedDaemon daemon)
    {
        Assert.Equal(SpawnedState.Stopped, daemon.State);
        Assert.False(File.Exists(Path.Combine(world.State, "daemon.conf")));
        await daemon.StopAsync(Ct);
        File.WriteAllText(Path.Combine(world.State, "well"), "");
        await daemon.StartAsync(Ct);
        Assert.Equal(SpawnedState.Ready, daemon.State);
    }

    [Fact]
    public async Task Events_HandlersThatThrowOrHang_HarmNobody()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        var heard = new List<string>();
        daemon.StatusChanged += _ => throw new InvalidOperationException("a quick handler's");
        daemon.Starting += (_, _) => throw new InvalidOperationException("a handler's");
        daemon.Starting += (_, _) =>
        {
            heard.Add("starting");
            return default;
        };
        daemon.Exited += async (_, _) => await Task.Delay(Timeout.Infinite, Ct);
        await daemon.StartAsync(Ct);
        SpawnWorld.Kill(daemon.Pid!.Value);
        await SpawnWorld.UntilAsync(() => daemon.State == SpawnedState.Restarting, "its death");

        await daemon.StopAsync(Ct).WaitAsync(SpawnWorld.Patience, Ct);

        Assert.Equal(["starting"], heard);
        Assert.Contains("a handler's", world.Log.All);
        Assert.Contains("a quick handler's", world.Log.All);
    }
}
