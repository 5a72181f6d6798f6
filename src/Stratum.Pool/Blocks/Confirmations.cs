using Stratum.Daemon;
using Stratum.Rpc;

namespace Stratum.Pool;

/// <summary>Asks a daemon how deep the kept blocks lie, once for each new tip; one round at a time, the newest tip last.</summary>
/// <param name="depth">How deep is deep enough.</param>
/// <param name="open">The blocks to ask for.</param>
/// <param name="looked">Hears what is new of each block.</param>
/// <param name="forgotten">Hears of each block that the daemon does not know; true: the chain is so far beyond its height that
/// it will never be in it.</param>
internal sealed class Confirmations(
    int depth, Func<IReadOnlyList<KeptBlock>> open, Action<KeptBlock, BlockNews> looked, Action<KeptBlock, CoinDaemon, bool> forgotten)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private (CoinDaemon Daemon, long Tip)? _next;
    private Task _round = Task.CompletedTask;

    public void Look(CoinDaemon daemon, long tip)
    {
        lock (_gate)
        {
            var running = _next is not null || !_round.IsCompleted;
            _next = (daemon, tip);
            if (!running && !_stop.IsCancellationRequested)
                _round = RunAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _round.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (Take() is var (daemon, tip))
        {
            foreach (var block in open())
            {
                try
                {
                    await LookAsync(block, daemon, tip).ConfigureAwait(false);
                }
                catch (RpcTransportException)
                {
                    // The daemon is away; its next tip asks again.
                    break;
                }
                catch (Exception) when (!_stop.IsCancellationRequested)
                {
                    // An answer that cannot be read says nothing of the next block.
                }
            }
        }
    }

    private (CoinDaemon Daemon, long Tip)? Take()
    {
        lock (_gate)
        {
            var next = _stop.IsCancellationRequested ? null : _next;
            _next = null;
            if (next is null)
                _round = Task.CompletedTask;
            return next;
        }
    }

    private async Task LookAsync(KeptBlock block, CoinDaemon daemon, long tip)
    {
        // The block of its height in the best chain, if it is not this one, lies as deep.
        var buried = tip - block.Height + 1;
        switch (await daemon.GetConfirmationsAsync(block.Hash, _stop.Token).ConfigureAwait(false))
        {
            case null:
                forgotten(block, daemon, buried >= depth);
                break;
            case -1:
                looked(block, block.Look(daemon, -1, buried, depth));
                break;
            case var deep:
                looked(block, block.Look(daemon, deep.Value, deep.Value, depth));
                break;
        }
    }
}
