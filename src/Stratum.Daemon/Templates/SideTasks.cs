using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>What goes on beside the templates while they are enumerated: health is asked for, block sources are read.
/// Nothing waits for it, and nothing of it can end the templates.</summary>
internal sealed class SideTasks : IAsyncDisposable
{
    private readonly CoinDaemon _daemon;
    private readonly CoinDaemonOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly Task _health;

    public SideTasks(CoinDaemon daemon, ILogger logger, CancellationToken one, CancellationToken other)
    {
        _daemon = daemon;
        _options = daemon.Options;
        _logger = logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(one, other);
        _health = _options.HealthInterval == Timeout.InfiniteTimeSpan ? Task.CompletedTask : HealthAsync(_stop.Token);
        foreach (IBlockSource source in _options.BlockSources)
        {
            // A thread of the pool's, for a source may block; and nobody waits for one that does not heed its token.
            CancellationToken stop = _stop.Token;
            _ = Task.Run(() => ReadAsync(source, stop), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _health.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task HealthAsync(CancellationToken cancellationToken)
    {
        var changed = new Signal();
        Action<DaemonStatus> wake = _ => changed.Set();
        _daemon.StatusChanged += wake;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                changed.Reset();
                if (_daemon.Status.State is DaemonState.Ready or DaemonState.Slow or DaemonState.Syncing
                    or DaemonState.NoPeers)
                {
                    await AskAsync(cancellationToken).ConfigureAwait(false);
                }

                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Task pause = Task.Delay(_options.HealthInterval, _options.TimeProvider, stop.Token);
                await Task.WhenAny(pause, changed.Task).ConfigureAwait(false);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _daemon.StatusChanged -= wake;
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _daemon.GetHealthAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whether it gives work is what counts, and that is told by its status.
            DaemonLog.NoHealth(_logger, _daemon.Place, e.Message);
        }
    }

    private async Task ReadAsync(IBlockSource source, CancellationToken cancellationToken)
    {
        var pauses = new BackOff(_options.MinRetryDelay, _options.MaxRetryDelay);
        string name = source.GetType().Name;
        bool told = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (Hash256 block in source.BlocksAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        return;
                    }

                    pauses.Reset();
                    told = false;
                    DaemonLog.BlockHeard(_logger, name, block);
                    _daemon.Announce(block);
                }

                Ended(null);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Ended(e);
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(pauses.Next(), _options.TimeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Once, and not at each new try.
        void Ended(Exception? e)
        {
            if (!told)
            {
                told = true;
                DaemonLog.SourceEnded(_logger, name, e);
            }
        }
    }
}
