namespace Stratum.Daemon;

/// <summary>The codes of coin daemons that mean "not now" (Bitcoin Core, rpc/protocol.h).</summary>
internal static class DaemonErrors
{
    public const int NotConnected = -9;
    public const int InInitialDownload = -10;
    public const int InWarmup = -28;
}
