using System.Globalization;
using System.Net;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Protocol;
using Stratum.Server;

namespace Stratum.Cli;

/// <summary>A line for people for each thing that they want to know.</summary>
internal sealed class TextReporter(TextWriter output) : IPoolReporter
{
    private readonly LineOutput _lines = new(output, static count => $"{count} lines were left out: nobody took them");

    public void Follow(MiningPool pool)
    {
        var server = pool.Server;
        server.WorkerAuthorized += (_, login) =>
            Say($"{login.Worker} mines from {login.Session.RemoteEndPoint} ({login.Session.UserAgent ?? "no name"})");
        server.SessionClosed += (_, closed) =>
            Say($"session {closed.Session.Id} ended: {closed.Reason}, {closed.Session.Accepted} shares accepted, "
                + $"{closed.Session.Rejected} refused");
        server.ShareAccepted += (_, share) =>
            Say($"share of {share.Worker}: difficulty {share.Difficulty} (reached {Round(share.ShareDifficulty)})");
        server.ShareRejected += (_, share) =>
            Say($"share of {share.Worker} refused: {share.Result.Text ?? ShareErrors.Of(share.Result.Verdict).Text}");
        server.Busy += (_, busy) => Say($"refused {busy.RemoteAddress}: "
            + busy.Reason switch
            {
                BusyReason.Lag => $"too busy, {busy.Lag.TotalMilliseconds:0} ms behind",
                BusyReason.OpenFiles => $"{busy.Connections} connections are open, and no more files may be (ulimit -n)",
                _ => $"{busy.Connections} connections are open",
            });
        server.JobBroadcast += (_, job) =>
        {
            if (job.Job.Clean)
                Say($"new work: height {job.Job.Height}, network difficulty {Round(job.Job.NetworkDifficulty)}");
        };
        pool.BlockFound += block => Say($"block {Describe(block)}");
        pool.BlockSubmitted += block => Say(block.Accepted ? $"BLOCK {Describe(block)}" : $"block {Describe(block)}");
        pool.BlockChanged += block => Say($"block {Describe(block)}");
        pool.DaemonChanged += change => Say($"daemon{(change.IsCurrent ? ", work comes from it" : "")}: {change.Status.Text}");
        pool.DaemonChecked += Check;
        pool.WorkAged += work => Say(work.Text);
        pool.Noticed += Say;
    }

    public void Follow(StratumNode node)
    {
        foreach (var daemon in node.Daemons)
        {
            daemon.StatusChanged += status => Say(status.Text);
            SpawnedDaemonNotices.Follow(daemon, Say);
        }
        if (node.Rpc is null)
            return;
        // A block is told by its job.
        node.Rpc.Wallet += (_, notice) => NotifiedAsync("wallet", notice);
        node.Rpc.Alert += (_, notice) => NotifiedAsync("ALERT", notice);
    }

    public void Journal(string file) => Say($"found blocks are written to {file}");

    public void Listening(IPEndPoint endPoint, string driver, IPEndPoint? rpc) =>
        Say($"listening on stratum+tcp://{endPoint} ({Reach(endPoint.Address)}); {Sha256d.Implementation}; {driver}; "
            + (rpc is null ? "" : $"JSON-RPC on {rpc} ({Reach(rpc.Address)}); ") + "Ctrl-C stops");

    public void Dispose() => _lines.Dispose();

    private static string Describe(PoolBlock block)
    {
        var what = block.State switch
        {
            BlockState.Found => "in the journal and on its way",
            BlockState.Accepted => $"accepted by {block.Daemon}",
            BlockState.Deep => $"safe, {block.Confirmations} deep",
            BlockState.LostRace => $"another block was first ({block.Reason})",
            BlockState.Orphaned => $"no longer in the best chain ({block.Reason})",
            _ => $"refused by {block.Daemon} ({block.Reason})",
        };
        return $"{block.Height} {block.Hash} found by {block.Worker}: {what}";
    }

    private void Check(DaemonCheck check)
    {
        var health = check.Health;
        Say($"daemon: {check.Daemon.Name} is {health.Software}, height {health.Height}, {health.Peers} peers"
            + (check.OwnsAddress is true ? ", owns the address" : ""));
        foreach (var warning in check.Warnings)
            Say($"WARNING: {warning}");
    }

    private static string Reach(IPAddress address) =>
        IPAddress.IsLoopback(address) ? "this machine only"
        : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "every network that this machine is on"
        : $"whoever reaches {address}";

    private static string Round(Difficulty difficulty) => difficulty.Value.ToString("G4", CultureInfo.InvariantCulture);

    private ValueTask NotifiedAsync(string type, RpcNotice notice)
    {
        Say($"{type} of {notice.Source}: {notice.Data}");
        return default;
    }

    public void Say(string text) => _lines.Write($"{DateTime.Now:HH:mm:ss} {Printable.Of(text)}");
}
