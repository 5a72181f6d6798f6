using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>
/// Several daemons of one network as one source of work. All of them are followed all the time, so that another one's
/// template is in hand when the present one fails.
/// </summary>
public sealed class DaemonGroup : IAsyncDisposable
{
    private readonly GroupMember[] _members;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Signal _news = new();
    private readonly CancellationTokenSource _closing = new();
    private GroupMember? _current;
    private int _feeding;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="daemons">One at least, in the order of preference, all of one coin and network.</param>
    /// <param name="loggerFactory">For the group, and for those daemons that have none of their own.</param>
    /// <exception cref="ArgumentException">None, of several networks, or with options that contradict each other.
    /// </exception>
    public DaemonGroup(IReadOnlyList<CoinDaemonOptions> daemons, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(daemons);
        if (daemons.Count == 0)
        {
            throw new ArgumentException("A group needs one daemon at least.", nameof(daemons));
        }

        foreach (CoinDaemonOptions options in daemons)
        {
            if (options.Coin.Name != daemons[0].Coin.Name || options.Network.Name != daemons[0].Network.Name)
            {
                throw new ArgumentException(
                    $"All daemons of a group mine one network: {options} is not of {daemons[0].Coin.Name}"
                        + $" {daemons[0].Network.Name}.",
                    nameof(daemons));
            }
        }

        _time = daemons[0].TimeProvider;
        _logger = GuardedLogger.Create(loggerFactory, "Stratum.Daemon.DaemonGroup");
        _members =
        [
            .. daemons.Select(o => new GroupMember(
                new CoinDaemon(o with { LoggerFactory = o.LoggerFactory ?? loggerFactory }), _time)),
        ];
        Daemons = [.. _members.Select(m => m.Daemon)];
        foreach (GroupMember member in _members)
        {
            DaemonStatus before = member.Daemon.Status;
            member.Daemon.StatusChanged += status =>
            {
                DaemonStatus last = before;
                before = status;
                Hear(member, last, status);
            };
        }
    }

    /// <summary>A daemon's <see cref="CoinDaemon.Status"/> became another one. Quick handlers only.</summary>
    public event Action<CoinDaemon, DaemonStatus>? StatusChanged;

    /// <summary>Work comes from another daemon now, or from none. Quick handlers only.</summary>
    public event Action<CoinDaemon?>? CurrentChanged;

    /// <summary>A daemon that was away answers again, also for the first time: it may have forgotten blocks, and takes
    /// them even where it has no work to give. Quick handlers only.</summary>
    public event Action<CoinDaemon>? Reconnected;

    /// <summary>All daemons, in the order in which they were given.</summary>
    public IReadOnlyList<CoinDaemon> Daemons { get; }

    /// <summary>Whose work is given; null while none gives any.</summary>
    public CoinDaemon? Current => Volatile.Read(ref _current)?.Daemon;

    /// <summary>Says to every daemon that there is a new block; see <see cref="CoinDaemon.Announce"/>.</summary>
    public void Announce(Hash256 block)
    {
        foreach (CoinDaemon daemon in Daemons)
        {
            daemon.Announce(block);
        }
    }

    /// <summary>
    /// The best daemon's templates. Another daemon's follow at once when it shows a higher tip first, or when the
    /// present one is not ready any more; a template of the present tip from another daemon is not given otherwise.
    /// Who is best: the higher, then one that answers promptly, then one with peers, then the present one, then the
    /// first of the list. A lower tip is mined only where no ready daemon is higher. It ends when the group is
    /// disposed, and throws only when cancelled.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another enumeration of this group, or of one of its daemons, is
    /// running.</exception>
    public async IAsyncEnumerable<DaemonTemplate> TemplatesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _feeding, 1) != 0)
        {
            throw new InvalidOperationException("TemplatesAsync is being enumerated already; share its templates.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        DaemonTemplate? given = null;
        Task[] feeds = [.. _members.Select(m => FollowAsync(m, stop.Token))];
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _news.Reset();
                if (Array.Find(feeds, f => f.IsFaulted) is { } broken)
                {
                    await broken.ConfigureAwait(false);
                }

                Standing best = Choose();
                if (best.Template is { } template && !ReferenceEquals(template, given))
                {
                    given = template;
                    yield return template;
                    continue;
                }

                await WaitAsync(best.FreshFor, stop.Token).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(feeds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Volatile.Write(ref _current, null);
            Volatile.Write(ref _feeding, 0);
        }
    }

    /// <summary>Ends <see cref="TemplatesAsync"/> and closes the connections. The daemons go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (CoinDaemon daemon in Daemons)
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(GroupMember member, CancellationToken cancellationToken)
    {
        // Off the caller's thread from the start: a file or a name that hangs is this daemon's trouble alone.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (BlockTemplate template in member.Daemon.TemplatesAsync(cancellationToken)
                .ConfigureAwait(false))
            {
                member.Give(template);
                _news.Set();
            }
        }
        finally
        {
            member.Forget();
            _news.Set();
        }
    }

    /// <summary>Settles who is the present one, and gives how it stands; without a grade when there is none.</summary>
    private Standing Choose()
    {
        var all = new Standing[_members.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = _members[i].Stand();
        }

        int index = Standing.Best(all, Array.IndexOf(_members, _current));
        GroupMember? best = index < 0 ? null : _members[index];
        if (best != _current)
        {
            Volatile.Write(ref _current, best);
            if (best is null)
            {
                DaemonLog.NoCurrent(_logger);
            }
            else
            {
                DaemonLog.Current(_logger, best.Daemon.Name);
            }

            Raise(CurrentChanged, h => h(best?.Daemon));
        }

        return index < 0 ? default : all[index];
    }

    /// <summary>Until something happened, or the present one's template is no longer fresh.</summary>
    private async Task WaitAsync(TimeSpan freshFor, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timer = Task.Delay(freshFor > TimeSpan.Zero ? freshFor : Timeout.InfiniteTimeSpan, _time, stop.Token);
        await Task.WhenAny(_news.Task, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
    }

    private void Hear(GroupMember member, DaemonStatus before, DaemonStatus status)
    {
        if (!status.GivesWork)
        {
            member.Forget();
        }

        _news.Set();
        Raise(StatusChanged, h => h(member.Daemon, status));
        if (status.TakesBlocks && !before.TakesBlocks)
        {
            Raise(Reconnected, h => h(member.Daemon));
        }
    }

    private void Raise<T>(T? handlers, Action<T> call)
        where T : Delegate
    {
        foreach (T handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                call(handler);
            }
            catch (Exception e)
            {
                DaemonLog.HandlerThrew(_logger, e);
            }
        }
    }
}
