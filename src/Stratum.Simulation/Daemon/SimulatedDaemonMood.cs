namespace Stratum.Simulation;

/// <summary>How a <see cref="SimulatedDaemon"/> feels: the states of a real one that programs must live with.</summary>
public enum SimulatedDaemonMood
{
    /// <summary>Ready.</summary>
    Normal,

    /// <summary>Still loading: every call fails with -28, HTTP 500.</summary>
    WarmingUp,

    /// <summary>In initial download: <c>getblocktemplate</c> fails with -10.</summary>
    Syncing,

    /// <summary>Without a peer: <c>getblocktemplate</c> fails with -9.</summary>
    NoPeers,

    /// <summary>Its queue is full: HTTP 503, <c>Work queue depth exceeded</c>, whoever asks.</summary>
    Overloaded,

    /// <summary>
    /// Takes requests and answers none, long polls included, until the mood changes or the caller gives up.
    /// </summary>
    Hanging,

    /// <summary>
    /// Runs every call at once and answers after <see cref="SimulatedDaemon.AnswerDelay"/>, or when the mood changes.
    /// </summary>
    Slow,
}
