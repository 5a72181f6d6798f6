namespace Stratum.Daemon;

/// <summary>What a daemon runs its notify command for.</summary>
public enum NotifyKind
{
    /// <summary>Its best block is another one (<c>-blocknotify</c>); the data is the block's hash.</summary>
    Block,

    /// <summary>A transaction of its wallet changed (<c>-walletnotify</c>); the data is the transaction's id.</summary>
    Wallet,

    /// <summary>It warns of something (<c>-alertnotify</c>); the data is its text.</summary>
    Alert,
}
