namespace Stratum.Server;

/// <summary>Where the handlers that you register run.</summary>
public enum HandlerScheduling
{
    /// <summary>On the thread pool, one request of a session at a time.</summary>
    ThreadPool,

    /// <summary>
    /// Where the bytes arrived: with <see cref="SessionTransport.Loop"/> on the thread that carries every session of its
    /// loop. They promise to be quick and never to block: all those sessions wait for them.
    /// </summary>
    Inline,
}
