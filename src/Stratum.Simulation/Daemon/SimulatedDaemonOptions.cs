namespace Stratum.Simulation;

/// <summary>How a <see cref="SimulatedDaemon"/> is reached. Immutable: change a copy by <c>with</c>.</summary>
public sealed record SimulatedDaemonOptions
{
    /// <summary>The TCP port on 127.0.0.1.</summary>
    /// <value>0: any free one, so that daemons do not meet.</value>
    public int Port { get; init; }

    /// <summary>The user name that callers must give, with <see cref="Password"/>.</summary>
    /// <value>Null: no fixed user, only the cookie.</value>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>. It is never printed.</summary>
    /// <value>Null: a random one in a cookie file.</value>
    public string? Password { get; init; }

    /// <summary>How long a long poll waits until a change of the mempool answers it; a new tip always does.</summary>
    /// <value>Zero: at once, for the chain's JobInterval sets the pace already. A bitcoind waits 60 s.</value>
    public TimeSpan MempoolPollDelay { get; init; }

    /// <summary>Lets <c>generatetoaddress</c> make blocks without proof of work, at any difficulty.</summary>
    /// <value>False: its blocks are as good as anybody's.</value>
    public bool GenerateWithoutWork { get; init; }

    /// <summary>Its connections to other nodes at first; see <see cref="SimulatedDaemon.Peers"/>.</summary>
    /// <value>8, what a node without open ports settles at.</value>
    public int Peers { get; init; } = 8;

    /// <summary>How far its clock is ahead at first; see <see cref="SimulatedDaemon.ClockOffset"/>.</summary>
    /// <value>Zero.</value>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>The addresses that its wallet owns, for <c>getaddressinfo</c>.</summary>
    /// <value>Null: no wallet is loaded, error -18. An empty list: a wallet that owns none.</value>
    public IReadOnlyList<string>? WalletAddresses { get; init; }

    /// <summary>A daemon that has no wallet calls at all (<c>-disablewallet</c>): error -32601.</summary>
    /// <value>False.</value>
    public bool WalletDisabled { get; init; }

    /// <summary>All but the password.</summary>
    public override string ToString() =>
        $"SimulatedDaemonOptions {{ Port = {Port}, User = {User}, MempoolPollDelay = {MempoolPollDelay} }}";
}
