namespace Stratum.Simulation;

/// <summary>What moves the bytes of all sessions of a run.</summary>
internal interface ILoadCarrier
{
    /// <summary>
    /// Connects a session. What becomes of it is told to the engine later, never within this call. Under the gate.
    /// </summary>
    ILoadLink Open(LoadPeer peer);

    /// <summary>Soon <see cref="LoadEngine.Act"/> is called; from any thread.</summary>
    void Wake();

    /// <summary>
    /// After so many nanoseconds <see cref="LoadEngine.Act"/> is called; a later call replaces an earlier one.
    /// </summary>
    void WakeAfter(long nanoseconds);

    /// <summary>Ends, when all links are closed.</summary>
    Task StopAsync();
}
