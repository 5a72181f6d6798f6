namespace Stratum.Server;

/// <summary>What a session asks of the driver that carries it. May be called from any thread.</summary>
internal interface ISessionTransport
{
    /// <summary>Since when a send has made no progress, in clock ticks; 0 when none is under way.</summary>
    long BlockedSince { get; }

    /// <summary>Something waits to be sent, or a paused session can be read again.</summary>
    void Wake();

    /// <summary>Ends the connection when what was received by now is answered.</summary>
    void Finish();

    /// <summary>Ends the connection: after what waits was sent, or at once with RST.</summary>
    void Close(bool abort);
}
