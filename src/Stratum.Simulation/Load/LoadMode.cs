namespace Stratum.Simulation;

/// <summary>What the sessions of a <see cref="LoadRun"/> do.</summary>
public enum LoadMode
{
    /// <summary>
    /// They hand in shares of the current job that can be read but were not solved: what an answer costs the server.
    /// </summary>
    Submit,

    /// <summary>They hand in shares that meet the difficulty; only stale ones may be refused.</summary>
    Solve,

    /// <summary>They wait for jobs: how long one takes from the first session to the last.</summary>
    Broadcast,

    /// <summary>Connect, subscribe, authorize, close, and again.</summary>
    Connect,

    /// <summary>They do nothing: what a session costs that is only there.</summary>
    Idle,
}
