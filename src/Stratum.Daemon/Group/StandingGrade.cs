namespace Stratum.Daemon;

/// <summary>How good a daemon's work is, worst first.</summary>
internal enum StandingGrade
{
    /// <summary>It gives none.</summary>
    None,

    /// <summary>It says that all is well, but nothing has come for too long.</summary>
    Stale,

    /// <summary>It lets us wait.</summary>
    Slow,

    /// <summary>It gives work promptly.</summary>
    Good,
}
