using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>
/// A solo pool: templates of a coin daemon become jobs, shares are judged, blocks go to the daemon. It listens for
/// miners only when there is work.
/// </summary>
public sealed class MiningPool : IAsyncDisposable
{
    private const int StillWarmingUp = -28;
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(5);

    private readonly List<Task> _submits = [];
    private readonly MiningPoolOptions _options;
    private readonly CoinDaemon _daemon;
    private readonly PoolServer _server;
    private readonly PoolLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _feeding = Task.CompletedTask;

    /// <summary>A pool with these options; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the text says how.</exception>
    public MiningPool(MiningPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var floor = Difficulty.Floor(options.Coin.DifficultyScale);
        if (options.Server.Difficulty < floor)
            throw new ArgumentException(
                $"Difficulty {options.Server.Difficulty} is below {floor}, where every {options.Coin.Algorithm} hash is a share already.",
                nameof(options));
        _options = options;
        var server = options.Server;
        server.Work = server.Work with { VersionMask = options.Coin.VersionMask };
        server.LoggerFactory ??= options.LoggerFactory;
        _log = new PoolLog((options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Stratum.Pool"));
        _server = new PoolServer(server);
        _server.BlockFound += (_, block) =>
        {
            // The miner's answer does not wait for the daemon; the end of the pool does.
            Keep(SubmitAsync(block));
            return default;
        };
        _daemon = new CoinDaemon(options.Daemon with { LoggerFactory = options.Daemon.LoggerFactory ?? options.LoggerFactory });
        _daemon.StatusChanged += status => DaemonStatusChanged?.Invoke(status);
    }

    /// <summary>The server that carries the miners: register handlers and events here.</summary>
    public StratumServer Server => _server;

    /// <summary>The daemon.</summary>
    public CoinDaemon Daemon => _daemon;

    /// <summary>The daemon became ready, or why it is waited for.</summary>
    public event Action<DaemonStatus>? DaemonStatusChanged;

    /// <summary>A block was submitted and the daemon answered.</summary>
    public event Action<PoolBlock>? BlockSubmitted;

    /// <summary>
    /// Waits for the daemon's first template, then listens. Until then nothing listens for miners;
    /// <see cref="DaemonStatusChanged"/> says for what it waits.
    /// </summary>
    /// <exception cref="IOException">A port cannot be had.</exception>
    /// <exception cref="ArgumentException">The tag does not fit into a coinbase.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _feeding = FeedAsync();
        try
        {
            await _listening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the sessions after what they are owed, then the link to the daemon.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync().ConfigureAwait(false);
        Task[] submits;
        lock (_submits)
            submits = [.. _submits];
        await Task.WhenAll(submits).ConfigureAwait(false);
        await _daemon.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task FeedAsync()
    {
        try
        {
            var jobs = new JobOptions
            {
                Tag = _options.Tag,
                ExtranonceSize = _options.Server.Work.Extranonce1Size + _options.Server.Work.Extranonce2Size,
                DifficultyMayExceedNetwork = _options.Network.DifficultyMayExceedNetwork,
            };
            await foreach (var template in _daemon.TemplatesAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await _server.BroadcastAsync(Job.FromTemplate(template, _options.Coin, _options.PayTo, jobs)).ConfigureAwait(false);
                }
                catch (Exception error) when (_listening.Task.IsCompleted)
                {
                    // One template that is no work must not end the work of all that follow.
                    _log.TemplateUnusable(template.Height, error);
                }
                if (_listening.Task.IsCompleted)
                    continue;
                await _server.StartAsync(_stop.Token).ConfigureAwait(false);
                _listening.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _listening.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception error)
        {
            if (!_listening.TrySetException(error))
                _log.FeedFailed(error);
        }
    }

    private void Keep(Task submit)
    {
        lock (_submits)
        {
            _submits.RemoveAll(done => done.IsCompleted);
            _submits.Add(submit);
        }
    }

    private async Task SubmitAsync(BlockCandidate candidate)
    {
        byte[] bytes;
        try
        {
            bytes = candidate.AssembleBlock();
        }
        catch (Exception error)
        {
            // The coin's own layout failed; nobody else hears of it.
            _log.BlockNotAssembled(candidate.Height, candidate.BlockId, error);
            return;
        }
        var reason = await OfferAsync(bytes).ConfigureAwait(false);
        // "duplicate" after a first submit means that it is in the chain.
        var accepted = reason is null or "duplicate";
        var block = new PoolBlock(candidate.Height, candidate.BlockId, candidate.Worker, accepted, accepted ? null : reason);
        _log.BlockSubmitted(block.Height, block.Hash, reason ?? "accepted");
        foreach (var handler in Delegate.EnumerateInvocationList(BlockSubmitted))
        {
            try
            {
                handler(block);
            }
            catch (Exception error)
            {
                _log.HandlerFailed(error);
            }
        }
    }

    // No answer is no refusal: the block is offered again until the daemon has said yes or no, or the pool ends.
    private async Task<string?> OfferAsync(byte[] block)
    {
        for (var delay = s_firstRetry; ; delay = delay * 2 < s_lastRetry ? delay * 2 : s_lastRetry)
        {
            try
            {
                // Not cancelled by a stop: an answer under way is worth its wait.
                return await _daemon.SubmitBlockAsync(block, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (IsUnknown(error) && !_stop.IsCancellationRequested)
            {
                _log.SubmitUnanswered(error.Message);
                await Task.Delay(delay, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error)
            {
                return error.Message;
            }
        }
    }

    private static bool IsUnknown(Exception error) => error is RpcTransportException or RpcException { Code: StillWarmingUp };
}
