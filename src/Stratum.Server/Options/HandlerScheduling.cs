namespace Stratum.Server;

/// <summary>Where the handlers that you register run.</summary>
public enum HandlerScheduling
{
    /// <summary>On the thread pool, one request of a session at a time.</summary>
    ThreadPool,

    /// <summary>
    /// Where the bytes arrived. They promise to be quick: everything else on that thread waits for them.
    /// </summary>
    Inline,
}
