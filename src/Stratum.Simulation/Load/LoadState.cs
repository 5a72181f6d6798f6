namespace Stratum.Simulation;

/// <summary>How far a <see cref="LoadPeer"/> is.</summary>
internal enum LoadState
{
    Connecting,
    Subscribing,
    Authorizing,

    /// <summary>Logged in, and without the job that its shares need.</summary>
    WaitingForJob,

    /// <summary>It does what it is there for.</summary>
    Ready,

    /// <summary>The server did what ends the session; <see cref="LoadPeer.Failure"/> says what.</summary>
    Broken,
}
