namespace Stratum.Daemon;

/// <summary>Where a spawned daemon is in its life.</summary>
public enum SpawnedState
{
    /// <summary>Not started by us, or stopped again.</summary>
    Stopped,

    /// <summary>Its process runs, or is about to; its RPC does not answer yet.</summary>
    Starting,

    /// <summary>Its RPC answers.</summary>
    Ready,

    /// <summary>It ended by itself and will be started again.</summary>
    Restarting,

    /// <summary>It was told to stop and has not ended yet.</summary>
    Stopping,
}
