using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>
/// What <see cref="CoinDaemon.TemplatesAsync"/> enumerates. Four things bring a template: the long poll, somebody who
/// tells of a block, a tip that is another than the template's, and the template's age. A tip is its hash and never its
/// height: a chain also goes back, or to another block of the same height.
/// </summary>
internal sealed class TemplateFeed(
    CoinDaemon daemon,
    Announcements announcements,
    ILogger logger,
    Action<DaemonStatus> report,
    Action<Hash256> confirm,
    CancellationToken cancellationToken)
    : IAsyncDisposable
{
    private readonly CoinDaemonOptions _options = daemon.Options;
    private readonly BackOff _retries = new(daemon.Options.MinRetryDelay, daemon.Options.MaxRetryDelay);
    private readonly LongPoll _longPoll = new(daemon, cancellationToken);
    private BlockTemplate? _current;
    private long _taken;
    private bool _slow;
    private JsonElement? _info;

    private TimeSpan Age => _options.TimeProvider.GetElapsedTime(_taken);

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
            try
            {
                BlockTemplate next = _current is null
                    ? await FirstAsync().ConfigureAwait(false)
                    : await FollowingAsync(_current).ConfigureAwait(false);
                Take(next);
                return next;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A pool must outlive whatever a daemon says, so nothing but cancelling ends this loop.
                if (e is not (RpcException or RpcTransportException or FormatException or NoWorkException))
                {
                    DaemonLog.Unexpected(logger, e);
                }

                _current = null;
                report(StatusText.Of(e, daemon.Place, _info));
            }

            await Task.Delay(_retries.Next(), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A template after none: it may be another daemon than before, so it is asked who it is.</summary>
    private async Task<BlockTemplate> FirstAsync()
    {
        await _longPoll.RenewAsync().ConfigureAwait(false);
        _info = null;
        _info = await CallAsync("getblockchaininfo").ConfigureAwait(false);
        if (ChainCheck.FindWrong(_options, daemon.Place, _info.Value, await GenesisAsync().ConfigureAwait(false))
            is { } wrong)
        {
            throw new NoWorkException(wrong);
        }

        return await FetchAsync().ConfigureAwait(false);
    }

    private async Task<BlockTemplate> FollowingAsync(BlockTemplate current)
    {
        while (true)
        {
            if (_options.UseLongPoll)
            {
                _longPoll.Start(current);
            }

            await WaitAsync().ConfigureAwait(false);
            BlockTemplate? next = _longPoll.IsEnded ? await TakeLongPollAsync(current).ConfigureAwait(false)
                : announcements.Take() is { } told ? await HearAsync(current, told).ConfigureAwait(false)
                : await LookAsync(current).ConfigureAwait(false);
            if (next is null)
            {
                continue;
            }

            // Another target of the same tip, as on testnets after 20 minutes, makes blocks of the old one worthless.
            if (next.PreviousBlock != current.PreviousBlock || next.Bits != current.Bits || Age >= _options.JobInterval)
            {
                return next;
            }

            // The same tip under a newer longpollid; its transactions wait for the next job.
            current = _current = next;
        }
    }

    /// <summary>Until the long poll has ended, somebody told of a block, or it is time to look.</summary>
    private async Task WaitAsync()
    {
        TimeSpan pause = _longPoll.IsPending ? _options.TipCheckInterval : _options.PollInterval;
        TimeSpan due = _options.JobInterval - Age;
        pause = due < TimeSpan.Zero ? TimeSpan.Zero : due < pause ? due : pause;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timer = Task.Delay(pause, _options.TimeProvider, stop.Token);
        await Task.WhenAny(_longPoll.Ended, announcements.Any, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<BlockTemplate> TakeLongPollAsync(BlockTemplate current)
    {
        try
        {
            (BlockTemplate next, Hash256 asked, TimeSpan? rested) = await _longPoll.TakeAsync().ConfigureAwait(false);
            if (rested is { } pause)
            {
                DaemonLog.LongPollRests(logger, "it answered at once", pause);
            }

            // Asked before the template in hand came in another way, and perhaps answered before that: of two tips that
            // differ, nobody knows which is the newer.
            bool uncertain = asked != current.PreviousBlock && next.PreviousBlock != current.PreviousBlock;
            return uncertain ? await FetchAsync().ConfigureAwait(false) : next;
        }
        catch (Exception e) when (e is RpcException or RpcTransportException or FormatException)
        {
            // Perhaps only the long poll is ill (a proxy's timeout): a plain call tells, and says why if not.
            DaemonLog.LongPollRests(logger, e.Message, _longPoll.Rest());
            return await FetchAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks for the template and not for the tip first: this is the way on which every millisecond counts.
    /// </summary>
    private async Task<BlockTemplate?> HearAsync(BlockTemplate current, Hash256 told) =>
        told == current.PreviousBlock ? null : await FetchAsync().ConfigureAwait(false);

    /// <summary>A new template if the tip moved or the one we have is old, else null.</summary>
    private async Task<BlockTemplate?> LookAsync(BlockTemplate current)
    {
        if (Age >= _options.JobInterval)
        {
            await _longPoll.DropIfOverdueAsync(current.PreviousBlock).ConfigureAwait(false);
            return await FetchAsync().ConfigureAwait(false);
        }

        JsonElement tip = await CallAsync("getbestblockhash").ConfigureAwait(false);
        if (tip.ValueKind != JsonValueKind.String || tip.GetString() != current.PreviousBlock.ToString())
        {
            return await FetchAsync().ConfigureAwait(false);
        }

        confirm(current.PreviousBlock);
        return null;
    }

    private async Task<Hash256?> GenesisAsync()
    {
        try
        {
            JsonElement answer = await PatientAsync(daemon.CallAsync("getblockhash", [0], null, cancellationToken))
                .ConfigureAwait(false);
            return answer.ValueKind == JsonValueKind.String && Hash256.TryParse(answer.GetString(), out Hash256 hash)
                ? hash : null;
        }
        catch (RpcException)
        {
            // Nobody is refused for not having this call.
            return null;
        }
    }

    private Task<JsonElement> CallAsync(string method) =>
        PatientAsync(daemon.CallAsync(method, cancellationToken: cancellationToken));

    private Task<BlockTemplate> FetchAsync() => PatientAsync(daemon.GetTemplateAsync(null, cancellationToken));

    /// <summary>Waits for an answer as long as it takes, and says meanwhile that it takes long. Giving up early would
    /// make a slow daemon a useless one, and each try would leave it another call to work on.</summary>
    private async Task<T> PatientAsync<T>(Task<T> call)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timer = Task.Delay(_options.TipCheckTimeout, _options.TimeProvider, stop.Token);
        await Task.WhenAny(call, timer).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _slow = !call.IsCompleted;
        if (_slow && _current is not null)
        {
            report(StatusText.Slow(_options, daemon.Place));
        }
        else if (_slow && daemon.Status.State != DaemonState.Absent)
        {
            report(StatusText.Silent(_options, daemon.Place));
        }

        await stop.CancelAsync().ConfigureAwait(false);
        T answer = await call.ConfigureAwait(false);
        if (!_slow && _current is not null)
        {
            report(StatusText.Ready(_options, daemon.Place));
        }

        return answer;
    }

    private void Take(BlockTemplate template)
    {
        if ((Check(template) ?? CheckHeight(template)) is { } wrong)
        {
            throw new NoWorkException(StatusText.Unusable(daemon.Place, wrong));
        }

        _current = template;
        _taken = _options.TimeProvider.GetTimestamp();
        _retries.Reset();
        DaemonLog.Template(logger, template.Height, template.PreviousBlock.ToString(), template.Transactions.Count);
        report(_slow ? StatusText.Slow(_options, daemon.Place) : StatusText.Ready(_options, daemon.Place));
    }

    /// <summary>A block of a wrong height is refused, and no template says its height twice: the daemon's other answers do.
    /// </summary>
    private string? CheckHeight(BlockTemplate template)
    {
        long? height = _current?.PreviousBlock == template.PreviousBlock ? _current.Height
            : _info?.Text("bestblockhash") == template.PreviousBlock.ToString() && _info?.Number("blocks") is { } tip ? tip + 1
            : null;
        return height is null || height == template.Height ? null
            : $"\"height\" is {template.Height}, and the block above {template.PreviousBlock} has height {height}";
    }

    private string? Check(BlockTemplate template) => _options.FindContradiction(template, _options.Coin);
}
