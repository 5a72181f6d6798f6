namespace Stratum.Daemon;

public sealed partial class SpawnedDaemon
{
    private static readonly TimeSpan s_trimInterval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private CancellationTokenSource _stopping = new();
    private FileStream? _hold;
    private DaemonProcess? _process;
    private Task? _supervision;
    private int? _port;

    // Of a process that we found running; 0: none is known.
    private volatile int _foundPeerPort;

    /// <summary>Starts it, or takes over one that runs already on its data folder, and waits until it answers. From then
    /// on it is watched, and started again with growing pauses when it ends by itself.</summary>
    /// <param name="cancellationToken">Gives up, and ends what was started. A large chain takes minutes to load.</param>
    /// <exception cref="DaemonStartException">It does not come up; the text says why and what to change. Nothing of it
    /// is left running.</exception>
    /// <exception cref="InvalidOperationException">It was started already, or is not enabled.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!Options.Enable)
        {
            throw new InvalidOperationException($"{Options.Name} is not enabled (Enable).");
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_supervision is not null)
            {
                throw new InvalidOperationException($"{Options.Name} was started already.");
            }

            var stopping = new CancellationTokenSource();
            Volatile.Write(ref _stopping, stopping);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, cancellationToken);
            _hold = _files.Hold();
            _process = await BeginAsync(either.Token).ConfigureAwait(false);
            _supervision = SuperviseAsync(_process, stopping.Token);
        }
        catch (Exception e) when (_supervision is null)
        {
            Release();
            string text = e is OperationCanceledException ? $"{Options.Name} was stopped while it started." : e.Message;
            Report(SpawnedState.Stopped, text);
            if (Known(e) is { } known)
            {
                throw known;
            }

            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops it and waits for its end: by its RPC <c>stop</c>, after
    /// <see cref="SpawnedDaemonOptions.StopTimeout"/> by SIGTERM, after
    /// <see cref="SpawnedDaemonOptions.TerminateTimeout"/> by SIGKILL. Does nothing when it was not started.</summary>
    /// <param name="cancellationToken">Waits no longer, and leaves it as it is then.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await Volatile.Read(ref _stopping).CancelAsync().ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        DaemonExited? exited = null;
        try
        {
            if (_supervision is not { } supervision)
            {
                return;
            }

            await supervision.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_process is { } process)
            {
                Report(SpawnedState.Stopping, $"{Options.Name} is told to stop (pid {process.Pid}).", process.Pid);
                await EndAsync(process, cancellationToken).ConfigureAwait(false);
                exited = Describe(process, wasAskedTo: true);
                process.Dispose();
                _process = null;
            }

            _supervision = null;
            Release();
            Report(SpawnedState.Stopped, $"{Options.Name} is stopped.");
        }
        finally
        {
            _gate.Release();
        }

        if (exited is not null)
        {
            await RaiseAsync(Exited, exited, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task SuperviseAsync(DaemonProcess process, CancellationToken stopping)
    {
        var pauses = new BackOff(Options.MinRestartDelay, Options.MaxRestartDelay);
        try
        {
            while (true)
            {
                long ready = Options.TimeProvider.GetTimestamp();
                await UntilEndedAsync(process, stopping).ConfigureAwait(false);
                if (Options.TimeProvider.GetElapsedTime(ready) >= Options.StableAfter)
                {
                    pauses.Reset();
                }

                DaemonExited exited = Describe(process, wasAskedTo: false);
                process.Dispose();
                _process = null;
                // What is kept leads to the one that was.
                _calls.Close();
                process = await ReviveAsync(exited, pauses, stopping).ConfigureAwait(false);
                _process = process;
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Cancelled, or a start that failed just then and would not be tried again anyway. StopAsync ends the
            // process, where there is one.
        }
    }

    private async Task UntilEndedAsync(DaemonProcess process, CancellationToken stopping)
    {
        while (!process.Ended.IsCompleted)
        {
            OutputTail.Trim(_files.Output);
            await Task.WhenAny(process.Ended, Task.Delay(s_trimInterval, Options.TimeProvider, stopping))
                .ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
        }
    }

    private async Task<DaemonProcess> ReviveAsync(DaemonExited exited, BackOff pauses, CancellationToken stopping)
    {
        string reason = $"{Options.Name} ended by itself: {exited.Reason}.{Said()}";
        bool isTold = false;
        while (true)
        {
            TimeSpan pause = pauses.Next();
            Report(SpawnedState.Restarting, $"{reason} (Restarting in {pause.TotalSeconds:0.###} s.)");
            if (!isTold)
            {
                isTold = true;
                await RaiseAsync(Exited, exited, stopping).ConfigureAwait(false);
            }

            await Task.Delay(pause, Options.TimeProvider, stopping).ConfigureAwait(false);
            try
            {
                return await BeginAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // A disk that is full, a port that is taken: it may end, and nobody else would start the daemon.
                reason = Known(e)?.Message ?? e.Message;
            }
        }
    }

    // What a full or lost disk does to the files of the state folder.
    private DaemonStartException? Known(Exception e) => e is IOException or UnauthorizedAccessException
        ? new DaemonStartException(
            DaemonStartFailure.StateFolderUnusable,
            $"{Options.Name}: the state folder {Options.StateFolder} cannot be written ({e.Message}).",
            e)
        : null;

    private void Release()
    {
        // Of a process that still runs the next start must know.
        if (_hold is not null && _process is null && ProcessStat.Recorded(_files.Record) is null)
        {
            _files.Forget();
        }

        _hold?.Dispose();
        _hold = null;
    }
}
