using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>What a daemon says of itself.</summary>
/// <param name="Height">Of its tip.</param>
/// <param name="Tip">Id of its tip.</param>
/// <param name="Peers">Its connections to other nodes.</param>
/// <param name="IsSyncing">It is still downloading blocks, or its tip is older than a day.</param>
/// <param name="ClockDifference">Its clock minus ours in whole seconds, as little as its answer allows; null when it
/// does not date its answers. See <see cref="Rpc.RpcAnswer.ClockDifference"/>.</param>
/// <param name="Software">Its name and version, <c>/LitecoinCore:0.21.2.1/</c>; empty when it does not say.</param>
public sealed record DaemonHealth(
    long Height, Hash256 Tip, int Peers, bool IsSyncing, TimeSpan? ClockDifference, string Software);
