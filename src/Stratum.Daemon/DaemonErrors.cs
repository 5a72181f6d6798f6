namespace Stratum.Daemon;

/// <summary>The codes of coin daemons that are told apart (Bitcoin Core, rpc/protocol.h).</summary>
internal static class DaemonErrors
{
    /// <summary>No such block; also: no such address.</summary>
    public const int NotFound = -5;

    public const int NotConnected = -9;
    public const int InInitialDownload = -10;

    /// <summary>Several wallets are loaded, and the URL names none.</summary>
    public const int WalletNotSpecified = -19;

    public const int InWarmup = -28;
}
