using System.Net;
using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Protocol;
using Stratum.Server;

namespace Stratum.Cli;

/// <summary>
/// One JSON object a line: <c>listening</c>, <c>session</c>, <c>share</c>, <c>job</c>, <c>block</c>, <c>daemon</c>,
/// <c>leftout</c>.
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
        pool.BlockSubmitted += block => _lines.Write(new JsonObject
        {
            ["event"] = "block",
            ["height"] = block.Height,
            ["hash"] = block.Hash.ToString(),
            ["accepted"] = block.Accepted,
            ["reason"] = block.Reason,
            ["worker"] = block.Worker.Value,
        });
        pool.DaemonStatusChanged += status => _lines.Write(new JsonObject
        {
            ["event"] = "daemon",
            ["state"] = status.State.ToString(),
            ["text"] = status.Text,
        });
    }

    public void Listening(IPEndPoint endPoint) => _lines.Write(new JsonObject
    {
        ["event"] = "listening",
        ["address"] = endPoint.Address.ToString(),
        ["port"] = endPoint.Port,
    });

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

    public void Dispose() => _lines.Dispose();

    private static double Finite(Difficulty difficulty) => double.IsFinite(difficulty.Value) ? difficulty.Value : double.MaxValue;
}
