using Stratum.Mining;

namespace Stratum.Daemon.Tests;

/// <summary>A <see cref="CoinDaemon"/> with its templates being read and its statuses written down.</summary>
internal sealed class TemplateReading : IAsyncDisposable
{
    // A test that waits for what never comes fails, and does not hang.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IAsyncEnumerator<BlockTemplate> _templates;
    private readonly CancellationTokenSource _cancel = new();
    private Task<bool>? _next;

    public TemplateReading(CoinDaemonOptions options)
    {
        Daemon = new CoinDaemon(options);
        Daemon.StatusChanged += s =>
        {
            lock (Statuses)
            {
                Statuses.Add(s);
            }
        };
        _templates = Daemon.TemplatesAsync(_cancel.Token).GetAsyncEnumerator();
    }

    public CoinDaemon Daemon { get; }

    public List<DaemonStatus> Statuses { get; } = [];

    public IEnumerable<DaemonState> States => Statuses.Select(s => s.State);

    public static CoinDaemonOptions Options(Uri url, TimeProvider? time = null) => new()
    {
        Url = url,
        Coin = Coin.Litecoin,
        Network = Coin.Litecoin.GetNetwork("regtest"),
        TimeProvider = time ?? TimeProvider.System,
        HealthInterval = Timeout.InfiniteTimeSpan,
        MinRetryDelay = TimeSpan.FromMilliseconds(time is null ? 1 : 250),
    };

    /// <summary>Begins to wait for the next template, so that the clock can be moved meanwhile.</summary>
    public void Ask() => _next ??= _templates.MoveNextAsync().AsTask();

    public bool IsWaiting => _next is { IsCompleted: false };

    public async Task<BlockTemplate> NextAsync()
    {
        Ask();
        Task<bool> next = _next!;
        Assert.True(await next.WaitAsync(Limit, TestContext.Current.CancellationToken));
        _next = null;
        return _templates.Current;
    }

    public async Task<DaemonStatus> UntilAsync(DaemonState state)
    {
        Ask();
        while (Daemon.Status.State != state)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return Daemon.Status;
    }

    public Task CancelAsync() => _cancel.CancelAsync();

    public async Task<bool> EndAsync()
    {
        Ask();
        return await _next!.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cancel.CancelAsync();
        if (_next is not null)
        {
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _templates.DisposeAsync();
        await Daemon.DisposeAsync();
        _cancel.Dispose();
    }
}
