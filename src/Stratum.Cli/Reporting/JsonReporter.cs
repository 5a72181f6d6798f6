using System.Net;
using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Protocol;
using Stratum.Server;

namespace Stratum.Cli;

/// <summary>
/// One JSON object a line: <c>journal</c>, <c>listening</c>, <c>session</c>, <c>share</c>, <c>job</c>, <c>found</c>,
/// <c>block</c> (the first definite word on it), <c>blockstate</c> (each later one), <c>daemon</c>, <c>check</c>, <c>work</c>, <c>notice</c>,
/// <c>leftout</c>; <c>spawned</c> (a daemon that the command runs), <c>notified</c> (what a daemon's notify command told).
/// </summary>
internal sealed class JsonReporter(TextWriter output) : IPoolReporter
{
    private readonly JsonLines _lines = new(output);

    public void Follow(MiningPool pool)
    {
        var server = pool.Server;
        server.SessionOpened += (_, session) => Session(session, "opened", null);
        server.SessionClosed += (_, closed) => Session(closed.Session, "closed", closed.Reason.ToString());
        server.ShareAccepted += (_, share) => Share(share);
        server.ShareRejected += (_, share) => Share(share);
        server.JobBroadcast += (_, job) => _lines.Write(new JsonObject
        {
            ["event"] = "job",
            ["height"] = job.Job.Height,
            ["clean"] = job.Job.Clean,
            ["id"] = job.Job.Id.Value,
            ["difficulty"] = job.Job.NetworkDifficulty.Value,
            ["sessions"] = job.Sessions,
        });
        pool.BlockFound += block => Block(block, "found");
        pool.BlockSubmitted += block => Block(block, "block");
        pool.BlockChanged += block => Block(block, "blockstate");
        pool.DaemonChanged += change => _lines.Write(new JsonObject
        {
            ["event"] = "daemon",
            ["name"] = change.Daemon.Name,
            ["state"] = change.Status.State.ToString(),
            ["current"] = change.IsCurrent,
            ["text"] = change.Status.Text,
        });
        pool.DaemonChecked += check => _lines.Write(new JsonObject
        {
            ["event"] = "check",
            ["daemon"] = check.Daemon.Name,
            ["software"] = check.Health.Software,
            ["height"] = check.Health.Height,
            ["peers"] = check.Health.Peers,
            ["syncing"] = check.Health.IsSyncing,
            ["clockSeconds"] = check.Health.ClockDifference?.TotalSeconds,
            ["ownsAddress"] = check.OwnsAddress,
            ["warnings"] = new JsonArray([.. check.Warnings.Select(warning => (JsonNode)warning)]),
        });
        pool.WorkAged += work => _lines.Write(new JsonObject
        {
            ["event"] = "work",
            ["state"] = work.State.ToString(),
            ["age"] = Math.Round(work.Age.TotalSeconds, 1),
            ["text"] = work.Text,
        });
        pool.Noticed += Say;
    }

    public void Follow(StratumNode node)
    {
        foreach (var daemon in node.Daemons)
        {
            daemon.StatusChanged += status => _lines.Write(new JsonObject
            {
                ["event"] = "spawned",
                ["name"] = daemon.Options.Name,
                ["state"] = status.State.ToString(),
                ["pid"] = status.Pid,
                ["text"] = status.Text,
            });
            SpawnedDaemonNotices.Follow(daemon, Say);
        }
        if (node.Rpc is null)
            return;
        node.Rpc.Block += (_, notice) => NotifiedAsync("block", notice);
        node.Rpc.Wallet += (_, notice) => NotifiedAsync("wallet", notice);
        node.Rpc.Alert += (_, notice) => NotifiedAsync("alert", notice);
    }

    public void Say(string text) => _lines.Write(new JsonObject { ["event"] = "notice", ["text"] = text });

    public void Journal(string file) => _lines.Write(new JsonObject { ["event"] = "journal", ["file"] = file });

    public void Listening(IPEndPoint endPoint, string driver, IPEndPoint? rpc) => _lines.Write(ListeningLine.Of(endPoint, driver, rpc));

    private ValueTask NotifiedAsync(string type, RpcNotice notice)
    {
        _lines.Write(new JsonObject
        {
            ["event"] = "notified",
            ["type"] = type,
            ["source"] = notice.Source,
            ["data"] = notice.Data,
        });
        return default;
    }

    private void Session(StratumSession session, string state, string? reason) => _lines.Write(new JsonObject
    {
        ["event"] = "session",
        ["id"] = session.Id,
        ["state"] = state,
        ["address"] = session.RemoteEndPoint?.ToString(),
        ["agent"] = session.UserAgent,
        ["tls"] = session.IsTls,
        ["reason"] = reason,
    });

    private void Share(ShareEvent share) => _lines.Write(new JsonObject
    {
        ["event"] = "share",
        ["worker"] = share.Worker.Value,
        ["accepted"] = share.Result.IsAccepted,
        ["reason"] = share.Result.IsAccepted ? null : share.Result.Text ?? ShareErrors.Of(share.Result.Verdict).Text,
        ["difficulty"] = share.Difficulty.Value,
        ["shareDifficulty"] = Finite(share.ShareDifficulty),
        ["session"] = share.Session.Id,
    });

    private void Block(PoolBlock block, string name) => _lines.Write(new JsonObject
    {
        ["event"] = name,
        ["height"] = block.Height,
        ["hash"] = block.Hash.ToString(),
        ["accepted"] = block.Accepted,
        ["state"] = block.State.ToString(),
        ["confirmations"] = block.Confirmations,
        ["reason"] = block.Reason,
        ["daemon"] = block.Daemon,
        ["worker"] = block.Worker.Value,
    });

    public void Dispose() => _lines.Dispose();

    private static double Finite(Difficulty difficulty) => double.IsFinite(difficulty.Value) ? difficulty.Value : double.MaxValue;
}
