using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>
/// What <see cref="CoinDaemon.TemplatesAsync"/> enumerates. Three things bring a template: the long poll, a tip that
/// is another than the template's, and its age.
/// </summary>
internal sealed class TemplateFeed(
    CoinDaemon daemon, ILogger logger, Action<DaemonStatus> report, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    private readonly CoinDaemonOptions _options = daemon.Options;
    private readonly BackOff _retries = new(daemon.Options.MinRetryDelay, daemon.Options.MaxRetryDelay);
    private readonly LongPoll _longPoll = new(daemon, cancellationToken);
    private BlockTemplate? _current;
    private long _taken;
    private JsonElement? _info;

    /// <summary>The next template, or null when the daemon object was disposed; throws when the caller cancelled.
    /// </summary>
    public async Task<BlockTemplate?> NextOrEndAsync(CancellationToken closing, CancellationToken callers)
    {
        try
        {
            return await NextAsync().ConfigureAwait(false);
        }
        catch (Exception) when (callers.IsCancellationRequested)
        {
            throw new OperationCanceledException(callers);
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _longPoll.DisposeAsync();

    private async Task<BlockTemplate> NextAsync()
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DaemonStatus problem;
            try
            {
                BlockTemplate? next = _current is null
                    ? await FirstAsync().ConfigureAwait(false)
                    : await FollowingAsync(_current).ConfigureAwait(false);
                if (next is not null)
                {
                    Take(next);
                    report(StatusText.Ready(_options, daemon.Place));
                    return next;
                }

                problem = StatusText.WrongChain(_options, daemon.Place, Chain(_info));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A pool must outlive whatever a daemon says, so nothing but cancelling ends this loop.
                if (e is not (RpcException or RpcTransportException or FormatException))
                {
                    DaemonLog.Unexpected(logger, e);
                }

                problem = StatusText.Of(e, daemon.Place, _info);
            }

            _current = null;
            report(problem);
            await Task.Delay(_retries.Next(), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A template after none: it may be another daemon than before. Null: it follows another chain.</summary>
    private async Task<BlockTemplate?> FirstAsync()
    {
        await _longPoll.RenewAsync().ConfigureAwait(false);
        _info = null;
        _info = await daemon.CallAsync("getblockchaininfo", cancellationToken: cancellationToken).ConfigureAwait(false);
        return Chain(_info) == _options.Network.ChainName
            ? await daemon.GetTemplateAsync(null, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<BlockTemplate> FollowingAsync(BlockTemplate current)
    {
        while (true)
        {
            _longPoll.Start(current);
            BlockTemplate? next = await _longPoll.WaitAsync().ConfigureAwait(false)
                ? await TakeLongPollAsync().ConfigureAwait(false)
                : await LookAsync(current).ConfigureAwait(false);
            if (next is null)
            {
                continue;
            }

            bool old = _options.TimeProvider.GetElapsedTime(_taken) >= _options.RefreshInterval;
            if (old || !TemplateComparison.IsSameWork(next, current))
            {
                return next;
            }

            // The same work under a newer longpollid.
            current = _current = next;
        }
    }

    private async Task<BlockTemplate> TakeLongPollAsync()
    {
        try
        {
            (BlockTemplate next, TimeSpan? rested) = await _longPoll.TakeAsync().ConfigureAwait(false);
            if (rested is { } pause)
            {
                DaemonLog.LongPollRests(logger, "it answered at once", pause);
            }

            return next;
        }
        catch (Exception e) when (e is RpcException or RpcTransportException or FormatException)
        {
            // Perhaps only the long poll is ill (a proxy's timeout): a plain call tells, and says why if not.
            DaemonLog.LongPollRests(logger, e.Message, _longPoll.Rest());
            return await daemon.GetTemplateAsync(null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A new template if the tip moved or the one we have is old, else null.</summary>
    private async Task<BlockTemplate?> LookAsync(BlockTemplate current)
    {
        TimeSpan age = _options.TimeProvider.GetElapsedTime(_taken);
        if (age >= _options.RefreshInterval)
        {
            await _longPoll.DropIfOverdueAsync(current.PreviousBlock).ConfigureAwait(false);
            return await daemon.GetTemplateAsync(null, cancellationToken).ConfigureAwait(false);
        }

        JsonElement tip = await daemon.CallAsync("getbestblockhash", cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return tip.ValueKind == JsonValueKind.String && tip.GetString() == current.PreviousBlock.ToString()
            ? null
            : await daemon.GetTemplateAsync(null, cancellationToken).ConfigureAwait(false);
    }

    private void Take(BlockTemplate template)
    {
        _current = template;
        _taken = _options.TimeProvider.GetTimestamp();
        _retries.Reset();
        DaemonLog.Template(logger, template.Height, template.PreviousBlock.ToString(), template.Transactions.Count);
    }

    private static string Chain(JsonElement? info) =>
        info is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty("chain"u8, out JsonElement chain)
            ? chain.ToString() : "";
}
