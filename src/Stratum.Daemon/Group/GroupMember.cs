using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>One daemon of a group as its own feed last left it. Written by that feed, read by the group.</summary>
internal sealed class GroupMember(CoinDaemon daemon, TimeProvider time)
{
    private Given? _latest;

    public CoinDaemon Daemon { get; } = daemon;

    /// <summary>After this time without a newer one, something is wrong that its status does not tell.</summary>
    public TimeSpan Limit { get; } = daemon.Options.JobInterval * 2 + daemon.Options.TipCheckTimeout;

    public void Give(BlockTemplate template) => Volatile.Write(
        ref _latest, new Given(new DaemonTemplate(Daemon, template, time.GetUtcNow()), time.GetTimestamp()));

    /// <summary>What it gave before it was away is not work: it may come back on another chain.</summary>
    public void Forget() => Volatile.Write(ref _latest, null);

    public Standing Stand()
    {
        Given? latest = Volatile.Read(ref _latest);
        DaemonStatus status = Daemon.Status;
        if (latest is null || !status.GivesWork)
        {
            return default;
        }

        TimeSpan left = Limit - time.GetElapsedTime(latest.At);
        StandingGrade grade = left <= TimeSpan.Zero ? StandingGrade.Stale
            : status.IsReady ? StandingGrade.Good : StandingGrade.Slow;
        return new Standing(grade, latest.Template.Template.Height, Daemon.Health is not { Peers: 0 })
        {
            Template = latest.Template, FreshFor = left,
        };
    }

    private sealed record Given(DaemonTemplate Template, long At);
}
