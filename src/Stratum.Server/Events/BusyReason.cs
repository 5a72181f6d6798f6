namespace Stratum.Server;

/// <summary>Why a connection was refused.</summary>
public enum BusyReason
{
    /// <summary><see cref="StratumServerLimits.MaxConnections"/> are open.</summary>
    Connections,

    /// <summary>Its address has <see cref="StratumServerLimits.MaxConnectionsPerAddress"/> open.</summary>
    ConnectionsOfAddress,

    /// <summary>The server is behind by more than <see cref="StratumServerOptions.TooBusy"/>.</summary>
    Lag,

    /// <summary>
    /// The process may not open more files (<c>ulimit -n</c>): some are kept for other things than connections. On Linux.
    /// </summary>
    OpenFiles,
}
