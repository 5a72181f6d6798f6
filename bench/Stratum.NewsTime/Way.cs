namespace Stratum.NewsTime;

/// <summary>How the pool hears of a block.</summary>
internal enum Way
{
    /// <summary>The daemon runs blocknotify, which calls the RPC server.</summary>
    Notify,

    /// <summary>The daemon answers a call that waits (BIP 22).</summary>
    LongPoll,

    /// <summary>As the command does it: whichever is first.</summary>
    Both,
}
