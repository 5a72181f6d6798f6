using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>One life of the daemon: from its start, or from where we find it, to its end.</summary>
public sealed partial class SpawnedDaemon
{
    // What a killed process may still need: to leave the kernel.
    private static readonly TimeSpan s_killTimeout = TimeSpan.FromSeconds(10);

    private async Task<DaemonProcess> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            DaemonProcess process = Adoption.Find(Options, _files) is { } running ? Adopt(running) : Spawn();
            try
            {
                Report(SpawnedState.Starting, $"{Options.Name} starts (pid {process.Pid}).", process.Pid);
                await RaiseAsync(Starting, new DaemonStarting(process.Pid, process.IsAdopted), cancellationToken)
                    .ConfigureAwait(false);
                await Readiness.WaitAsync(
                    Options, _calls, process, words => Warm(process, words), cancellationToken).ConfigureAwait(false);
                if (!process.Ended.IsCompleted)
                {
                    await BecomeReadyAsync(process, cancellationToken).ConfigureAwait(false);
                    return process;
                }
            }
            catch (DaemonStartException e) when (process.IsAdopted)
            {
                process.Dispose();
                throw e.Failure == DaemonStartFailure.PortTaken ? e : Adoption.Refused(Options, process.Pid, e.Message, e);
            }
            catch (DaemonStartException e)
            {
                await AbandonAsync(process).ConfigureAwait(false);
                throw new DaemonStartException(e.Failure, $"{Options.Name}: {e.Message.TrimEnd('.')}.{Said()}", e);
            }
            catch
            {
                await AbandonAsync(process).ConfigureAwait(false);
                throw;
            }

            // One that was ending when we found it has made room for a new one.
            DaemonExited exited = Describe(process, wasAskedTo: false);
            bool wasAdopted = process.IsAdopted;
            process.Dispose();
            if (!wasAdopted)
            {
                Report(SpawnedState.Stopped, $"{Options.Name} ended before it answered: {exited.Reason}.{Said()}");
                await RaiseAsync(Exited, exited, cancellationToken).ConfigureAwait(false);
                throw new DaemonStartException(DaemonStartFailure.Exited, Status.Text);
            }
        }
    }

    private DaemonProcess Adopt(ProcessStat running)
    {
        DaemonLog.Adopting(_logger, Options.Name, running.Pid);
        UsePortsOf(running);
        return DaemonProcess.Adopt(running, Options.CheckInterval, Options.TimeProvider);
    }

    private void UsePortsOf(ProcessStat running)
    {
        int port = Adoption.PortOf(Options, running);
        _calls.Use(port);
        _port = port;
        _foundPeerPort = Adoption.PeerPortOf(running) ?? 0;
    }

    private DaemonProcess Spawn()
    {
        string program = Preflight.FindProgram(Options);
        Preflight.MakeDataFolder(Options);
        // Others were told the ports: they stay for as long as we live.
        int port = _port ??= _files.Port(SpawnFiles.RpcPort, Options.Port);
        Preflight.NeedPort(Options, port, nameof(Options.Port));
        int? peerPort = Options.PeerPort is { } wanted
            ? _files.Port(SpawnFiles.PeerPort, wanted > 0 ? wanted : _foundPeerPort) : null;
        _calls.Use(port);
        IReadOnlyList<string> arguments = SpawnArguments.Build(Options, port, peerPort, _files.Config);
        _files.Prepare();
        DaemonLog.Spawning(_logger, Options.Name, program, string.Join(' ', arguments));
        return DaemonProcess.Of(Launcher.Start(_files, program, arguments));
    }

    private void Warm(DaemonProcess process, string words) =>
        Report(SpawnedState.Starting, $"{Options.Name} starts (pid {process.Pid}): {words}", process.Pid);

    private async Task BecomeReadyAsync(DaemonProcess process, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> differences = [];
        if (process.IsAdopted)
        {
            int port = _calls.Url.Port;
            Adoption.NeedListener(Options, process, port);
            differences = SpawnArguments.Differences(
                ProcessTable.Arguments(process.Pid),
                SpawnArguments.Build(Options, port, PeerPort, _files.Config));
            if (differences.Count > 0)
            {
                DaemonLog.SpawnDiffers(_logger, Options.Name, string.Join(", ", differences));
            }
        }

        Report(SpawnedState.Ready, $"{Options.Name} is ready (pid {process.Pid}, {_calls.Url.Authority}).", process.Pid);
        await RaiseAsync(Ready, new DaemonReady(process.Pid, process.IsAdopted, differences), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Ends one that did not come up, unless it was there before us.</summary>
    private async Task AbandonAsync(DaemonProcess process)
    {
        using (process)
        {
            if (!process.IsAdopted)
            {
                await SignalUntilEndedAsync(process, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task EndAsync(DaemonProcess process, CancellationToken cancellationToken)
    {
        if (process.Ended.IsCompleted)
        {
            return;
        }

        bool willStop = false;
        try
        {
            await CallAsync("stop", null, Options.CallTimeout, cancellationToken).ConfigureAwait(false);
            willStop = true;
        }
        catch (Exception e) when (e is RpcException or RpcTransportException)
        {
            DaemonLog.StopRefused(_logger, Options.Name, e.Message);
        }

        _calls.Close();
        if (!willStop || !await EndsAsync(process, Options.StopTimeout, cancellationToken).ConfigureAwait(false))
        {
            await SignalUntilEndedAsync(process, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SignalUntilEndedAsync(DaemonProcess process, CancellationToken cancellationToken)
    {
        foreach ((string signal, TimeSpan limit) in
            new[] { ("TERM", Options.TerminateTimeout), ("KILL", s_killTimeout) })
        {
            if (process.Ended.IsCompleted)
            {
                return;
            }

            DaemonLog.Signalled(_logger, Options.Name, process.Pid, signal);
            await process.SignalAsync(signal).ConfigureAwait(false);
            if (await EndsAsync(process, limit, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        DaemonLog.SpawnTrouble(_logger, $"{Options.Name} (pid {process.Pid}) does not end, though it was killed.");
    }

    private async Task<bool> EndsAsync(DaemonProcess process, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await process.Ended.WaitAsync(limit, Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private DaemonExited Describe(DaemonProcess process, bool wasAskedTo) =>
        new(process.Pid, process.ExitCode, process.Signal, _files.LastLines(), wasAskedTo);

    // Of an adopted one that somebody else started this is empty or old; but what there is, is the daemon's.
    private string Said()
    {
        IReadOnlyList<string> lines = _files.LastLines();
        return lines.Count == 0 ? " It said nothing." : $" It said: {string.Join(" / ", lines)}";
    }
}
