using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Daemon;

public sealed partial class SpawnedDaemon
{
    private SpawnedStatus _status;

    /// <summary>Its process runs, and does not answer yet.</summary>
    public event AsyncEventHandler<DaemonStarting>? Starting;

    /// <summary>It answers.</summary>
    public event AsyncEventHandler<DaemonReady>? Ready;

    /// <summary>Its process ended, by itself or as it was told. While handlers wait it is not started again; when
    /// <see cref="StopAsync"/> is called, also by one of them, nobody waits for them any more.</summary>
    public event AsyncEventHandler<DaemonExited>? Exited;

    /// <summary>It told of a block; see <see cref="TellAsync"/>.</summary>
    public event AsyncEventHandler<DaemonNotice>? Block;

    /// <summary>It told of a transaction of its wallet.</summary>
    public event AsyncEventHandler<DaemonNotice>? Wallet;

    /// <summary>It warned of something.</summary>
    public event AsyncEventHandler<DaemonNotice>? Alert;

    /// <summary>Raised when <see cref="Status"/> became another one. Quick handlers only.</summary>
    public event Action<SpawnedStatus>? StatusChanged;

    /// <summary>Raises <see cref="Block"/>, <see cref="Wallet"/> or <see cref="Alert"/>: for whoever hears the daemon's
    /// notify command, the RPC server as a rule. A block goes to the coin daemons of <see cref="ToCoinDaemonOptions"/>
    /// first, without waiting.</summary>
    /// <param name="kind">What the command was run for.</param>
    /// <param name="data">What it told; not checked, but a block that is no hash reaches the handlers only.</param>
    public async Task TellAsync(NotifyKind kind, string data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (kind == NotifyKind.Block && Hash256.TryParse(data, out Hash256 block))
        {
            _blocks.Report(block);
        }

        AsyncEventHandler<DaemonNotice>? handlers = kind switch
        {
            NotifyKind.Block => Block,
            NotifyKind.Wallet => Wallet,
            _ => Alert,
        };
        await RaiseAsync(handlers, new DaemonNotice(kind, data), CancellationToken.None).ConfigureAwait(false);
    }

    private void Report(SpawnedState state, string text, int? pid = null)
    {
        var status = new SpawnedStatus(state, text, pid);
        if (status == _status)
        {
            return;
        }

        Volatile.Write(ref _status, status);
        if (state == SpawnedState.Restarting)
        {
            DaemonLog.SpawnTrouble(_logger, text);
        }
        else
        {
            DaemonLog.SpawnChanged(_logger, text);
        }

        Handlers.Raise(StatusChanged, status, _logger);
    }

    // One after the other; an exception of one does not keep the next from hearing of it.
    private async Task RaiseAsync<T>(AsyncEventHandler<T>? handlers, T value, CancellationToken noLonger)
    {
        foreach (AsyncEventHandler<T> handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                // On the thread pool: one that blocks, or calls us back, finds nothing held.
                await Task.Run(() => handler(this, value).AsTask(), CancellationToken.None).WaitAsync(noLonger)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (noLonger.IsCancellationRequested)
            {
                // It goes on by itself.
            }
            catch (Exception e)
            {
                DaemonLog.HandlerThrew(_logger, e);
            }
        }
    }
}
