namespace Stratum.Daemon;

/// <summary>A daemon did not come up. The text names it, what happened and what to change; it never holds a secret.
/// </summary>
public sealed class DaemonStartException : Exception
{
    /// <summary>Says why.</summary>
    public DaemonStartException(DaemonStartFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>The kind of failure, for programs.</summary>
    public DaemonStartFailure Failure { get; }
}
