namespace Stratum.Daemon;

/// <summary>Whether a coin daemon gives work, and if not, what kind of reason it has.</summary>
public enum DaemonState
{
    /// <summary>Nothing was asked yet.</summary>
    Unknown,

    /// <summary>It gives templates.</summary>
    Ready,

    /// <summary>It gave a template, but lets our questions wait for more than
    /// <see cref="CoinDaemonOptions.TipCheckTimeout"/>: overloaded, or frozen and soon <see cref="Absent"/>. What it
    /// gives is still given on.</summary>
    Slow,

    /// <summary>It cannot be reached, or does not answer.</summary>
    Absent,

    /// <summary>It refuses our credentials (HTTP 401) or our address (403).</summary>
    Unauthorized,

    /// <summary>It is starting (-28).</summary>
    WarmingUp,

    /// <summary>It is downloading blocks, or its tip is older than a day (-10).</summary>
    Syncing,

    /// <summary>It has no peers to send a block to (-9); regtest nodes need one too.</summary>
    NoPeers,

    /// <summary>It follows another chain than we were told: main instead of regtest, or another coin's regtest.
    /// </summary>
    WrongChain,

    /// <summary>It answers, but with something else than a template; the text has its words.</summary>
    Failing,
}
