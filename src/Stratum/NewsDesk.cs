using System.Collections.Concurrent;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Server;

namespace Stratum;

/// <summary>Takes what the RPC server is told to the daemon that told it, and blocks to whoever follows that source.
/// </summary>
internal sealed class NewsDesk
{
    private readonly ConcurrentDictionary<string, BlockNews> _followed = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, SpawnedDaemon> _daemons = new(StringComparer.OrdinalIgnoreCase);
    private readonly NodeLog _log;

    public NewsDesk(RpcServer rpc, NodeLog log)
    {
        _log = log;
        rpc.Block += (_, notice) => TakeAsync(NotifyKind.Block, notice);
        rpc.Wallet += (_, notice) => TakeAsync(NotifyKind.Wallet, notice);
        rpc.Alert += (_, notice) => TakeAsync(NotifyKind.Alert, notice);
    }

    public void Add(SpawnedDaemon daemon) => _daemons[daemon.Options.Name] = daemon;

    public IBlockSource BlocksOf(string source) => _followed.GetOrAdd(source, static _ => new BlockNews());

    private async ValueTask TakeAsync(NotifyKind kind, RpcNotice notice)
    {
        var isFollowed = _followed.TryGetValue(notice.Source, out var news);
        var isDaemon = _daemons.TryGetValue(notice.Source, out var daemon);
        // Without any source of ours the notices are all for handlers of the user's own.
        if (!isFollowed && !isDaemon && (!_followed.IsEmpty || !_daemons.IsEmpty))
            throw new RpcException(RpcErrors.InvalidParams, $"{notice.Call.Method}: the source '{notice.Source}' is not known here, only "
                + $"{string.Join(", ", _followed.Keys.Union(_daemons.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))}: "
                + "give one of them as --source");
        if (kind == NotifyKind.Block && news is not null)
            _log.BlockTold(notice.Source, notice.Data, news.Report(Hash256.Parse(notice.Data)));
        if (daemon is not null)
            await daemon.TellAsync(kind, notice.Data).ConfigureAwait(false);
    }
}
