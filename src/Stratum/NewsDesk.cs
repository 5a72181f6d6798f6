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
    private readonly Dictionary<string, SpawnedDaemon> _daemons;
    private readonly NodeLog _log;

    public NewsDesk(RpcServer rpc, IEnumerable<SpawnedDaemon> daemons, NodeLog log)
    {
        _daemons = daemons.ToDictionary(daemon => daemon.Options.Name, StringComparer.OrdinalIgnoreCase);
        _log = log;
        rpc.Block += (_, notice) => TakeAsync(NotifyKind.Block, notice);
        rpc.Wallet += (_, notice) => TakeAsync(NotifyKind.Wallet, notice);
        rpc.Alert += (_, notice) => TakeAsync(NotifyKind.Alert, notice);
    }

    public IBlockSource BlocksOf(string source) => _followed.GetOrAdd(source, static _ => new BlockNews());

    private async ValueTask TakeAsync(NotifyKind kind, RpcNotice notice)
    {
        var isFollowed = _followed.TryGetValue(notice.Source, out var news);
        var isDaemon = _daemons.TryGetValue(notice.Source, out var daemon);
        // Without any source of ours the notices are all for handlers of the user's own.
        if (!isFollowed && !isDaemon && (_followed.Count > 0 || _daemons.Count > 0))
            throw new RpcException(RpcErrors.InvalidParams, $"{notice.Call.Method}: the source '{notice.Source}' is not known here, only "
                + $"{string.Join(", ", _followed.Keys.Union(_daemons.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))}: "
                + "give one of them as --source");
        if (kind == NotifyKind.Block && news is not null)
            _log.BlockTold(notice.Source, notice.Data, news.Report(Hash256.Parse(notice.Data)));
        if (daemon is not null)
            await daemon.TellAsync(kind, notice.Data).ConfigureAwait(false);
    }
}
