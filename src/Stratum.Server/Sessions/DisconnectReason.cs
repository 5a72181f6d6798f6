namespace Stratum.Server;

/// <summary>Why a session ended. The first reason counts.</summary>
public enum DisconnectReason
{
    /// <summary>The peer closed the connection.</summary>
    PeerClosed,

    /// <summary>The connection broke or was reset.</summary>
    ConnectionLost,

    /// <summary>The server stops.</summary>
    ServerStopping,

    /// <summary>The server sends its miners away, because it has no good work for them.</summary>
    Suspended,

    /// <summary>Your code closed it.</summary>
    Requested,

    /// <summary>A line was longer than <see cref="StratumServerLimits.MaxLineLength"/>.</summary>
    LineTooLong,

    /// <summary>Too many lines could not be read.</summary>
    TooManyMalformedLines,

    /// <summary>No successful authorize in time.</summary>
    AuthorizeTimeout,

    /// <summary>Nothing was received for too long.</summary>
    IdleTimeout,

    /// <summary>
    /// The peer did not read what was sent, or so much waited for it that more would have had no bound.
    /// </summary>
    WriteTimeout,

    /// <summary>A handler did not answer in time.</summary>
    HandlerTimeout,

    /// <summary>The server itself failed; the log says how.</summary>
    InternalError,
}
