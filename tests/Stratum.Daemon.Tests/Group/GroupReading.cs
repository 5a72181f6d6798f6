namespace Stratum.Daemon.Tests;

/// <summary>Fake daemons, each with a clock of its own, and the group that reads them.</summary>
internal sealed class GroupReading : IAsyncDisposable
{
    // A test that waits for what never comes fails, and does not hang.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IAsyncEnumerator<DaemonTemplate> _templates;
    private readonly CancellationTokenSource _cancel = new();
    private Task<bool>? _next;

    public GroupReading(params CoinDaemonOptions[] options)
    {
        Group = new DaemonGroup(options);
        Group.StatusChanged += (d, s) => Note(Statuses, (IndexOf(d), s.State));
        Group.CurrentChanged += d => Note(Currents, d is null ? -1 : IndexOf(d));
        Group.Reconnected += d => Note(Reconnects, IndexOf(d));
        _templates = Group.TemplatesAsync(_cancel.Token).GetAsyncEnumerator();
    }

    public DaemonGroup Group { get; }

    public List<(int Daemon, DaemonState State)> Statuses { get; } = [];

    /// <summary>-1 is none.</summary>
    public List<int> Currents { get; } = [];

    public List<int> Reconnects { get; } = [];

    public bool IsWaiting => _next is { IsCompleted: false };

    public void Ask() => _next ??= _templates.MoveNextAsync().AsTask();

    /// <summary>The next template: whose, and of which height.</summary>
    public async Task<(int Daemon, long Height)> NextAsync()
    {
        DaemonTemplate next = await NextTemplateAsync();
        return (IndexOf(next.Daemon), next.Template.Height);
    }

    public async Task<DaemonTemplate> NextTemplateAsync()
    {
        Ask();
        Task<bool> next = _next!;
        Assert.True(await next.WaitAsync(Limit, TestContext.Current.CancellationToken));
        _next = null;
        return _templates.Current;
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        Ask();
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public Task UntilAsync(int daemon, DaemonState state) =>
        UntilAsync(() => Group.Daemons[daemon].Status.State == state);

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
        await Group.DisposeAsync();
        _cancel.Dispose();
    }

    private int IndexOf(CoinDaemon daemon) => Group.Daemons.ToList().IndexOf(daemon);

    private static void Note<T>(List<T> notes, T note)
    {
        lock (notes)
        {
            notes.Add(note);
        }
    }
}
