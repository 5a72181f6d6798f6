using Stratum.Client;
using Stratum.Protocol;

namespace Stratum.Simulation;

public sealed partial class CpuMiner
{
    // Long for a pool that lives, short for a person who pressed Ctrl-C.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(2);

    private volatile StratumClient? _client;

    /// <summary>
    /// Until the end is reached. Once logged in, the client comes back by itself; a pool that is not there at the
    /// start, or leaves during the first login, is tried from here.
    /// </summary>
    private async Task ConnectAsync(CancellationToken stop)
    {
        var time = Options.Client.TimeProvider;
        long since = time.GetTimestamp();
        var pause = Options.Client.ReconnectDelay;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await MineAsync(stop).ConfigureAwait(false);
            }
            catch (StratumRemoteException refusal)
            {
                End(CpuMinerEndReason.LoginRefused, $"The pool refused {Options.User}: {refusal.Message} ({refusal.Code})");
            }
            catch (Exception error) when (error is IOException or TimeoutException or StratumProtocolException)
            {
                if (_hadPool || (Options.RetryFor != Timeout.InfiniteTimeSpan && time.GetElapsedTime(since) >= Options.RetryFor))
                    End(CpuMinerEndReason.PoolLost, error.Message);
                else
                    await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < Options.Client.MaxReconnectDelay ? pause * 2 : Options.Client.MaxReconnectDelay;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }
    }

    private async Task MineAsync(CancellationToken stop)
    {
        var client = new StratumClient(Options.Connection);
        await using var _ = client.ConfigureAwait(false);
        try
        {
            client.Disconnected += (_, lost) =>
            {
                SetWork(null);
                // Our own end is no loss.
                if (_hadPool && !stop.IsCancellationRequested)
                    Disconnected?.Invoke(this, lost);
                return ValueTask.CompletedTask;
            };
            client.ProtocolError += (_, error) => ProtocolError?.Invoke(this, error);
            await client.ConnectAsync(Options.Url, stop).ConfigureAwait(false);
            await client.LoginAsync(stop).ConfigureAwait(false);
            _client = client;
            _hadPool = true;
            await foreach (var job in client.Jobs(stop).ConfigureAwait(false))
            {
                Interlocked.Increment(ref _jobs);
                SetWork(job);
                if (client.CurrentJob is null)
                    SetWork(null); // lost meanwhile
                JobReceived?.Invoke(this, job);
            }
        }
        finally
        {
            SetWork(null);
            await DrainAsync(client).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the answers that are due, so that the counts here and at the pool agree.</summary>
    private async Task DrainAsync(StratumClient client)
    {
        using var patience = new CancellationTokenSource(LastAnswers);
        int taken = 0;
        try
        {
            for (; taken < MaxInFlight && client.IsConnected; taken++)
                await _inFlight.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }

        if (taken > 0)
            _inFlight.Release(taken);
    }
}
