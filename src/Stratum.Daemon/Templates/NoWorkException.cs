namespace Stratum.Daemon;

/// <summary>The daemon answers, but what it has cannot be mined.</summary>
internal sealed class NoWorkException(DaemonStatus status) : Exception(status.Text)
{
    public DaemonStatus Status { get; } = status;
}
