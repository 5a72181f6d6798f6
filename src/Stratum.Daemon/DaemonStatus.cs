namespace Stratum.Daemon;

/// <summary>How a coin daemon is, for programs and for people.</summary>
/// <param name="State">The kind.</param>
/// <param name="Text">One sentence: which daemon, what it says, and what to change. Never a secret.</param>
public sealed record DaemonStatus(DaemonState State, string Text)
{
    /// <summary>Templates are coming, and promptly.</summary>
    public bool IsReady => State == DaemonState.Ready;

    /// <summary>Templates are coming, if slowly.</summary>
    public bool GivesWork => State is DaemonState.Ready or DaemonState.Slow;

    /// <summary>It answers, so blocks can be handed in, whether it has work to give or not.</summary>
    public bool TakesBlocks => GivesWork || State is DaemonState.Syncing or DaemonState.NoPeers or DaemonState.Failing;
}
