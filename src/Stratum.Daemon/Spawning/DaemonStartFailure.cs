namespace Stratum.Daemon;

/// <summary>Why a daemon is not running.</summary>
public enum DaemonStartFailure
{
    /// <summary>This system has no /proc or no setsid: daemons are spawned on Linux only.</summary>
    NotSupported,

    /// <summary>There is nothing at the path.</summary>
    PathMissing,

    /// <summary>The path is a folder.</summary>
    PathIsFolder,

    /// <summary>The file may not be executed.</summary>
    NotExecutable,

    /// <summary>Somebody else listens on its RPC port.</summary>
    PortTaken,

    /// <summary>Another daemon uses its data folder, and it is not ours.</summary>
    DataFolderInUse,

    /// <summary>Its data folder cannot be made.</summary>
    DataFolderNotCreatable,

    /// <summary>The state folder cannot be made or written, or another process of ours uses it.</summary>
    StateFolderUnusable,

    /// <summary>It ended before it answered; the text has its last words.</summary>
    Exited,

    /// <summary>It runs, but its RPC keeps silent.</summary>
    NoAnswer,

    /// <summary>It runs, but does not know our credentials.</summary>
    Unauthorized,
}
