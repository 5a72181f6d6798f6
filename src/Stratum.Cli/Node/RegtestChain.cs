using System.Diagnostics;
using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>Makes a private chain one that can be mined on.</summary>
internal static class RegtestChain
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits for the peer, and makes a block where the newest is so old that the daemon thinks it has more to
    /// download (-10): block 0 is of 2011.</summary>
    /// <exception cref="TimeoutException">The two do not find each other.</exception>
    public static async Task PrepareAsync(
        SpawnedDaemon daemon, SpawnedDaemon peer, Address payTo, Action<string> say, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        while ((await daemon.CallAsync("getconnectioncount", cancellationToken: stop)).GetInt32() == 0)
        {
            if (Stopwatch.GetElapsedTime(since) > s_patience)
                throw new TimeoutException($"{peer.Options.Name} does not reach {daemon.Options.Name} on 127.0.0.1:{daemon.PeerPort}, and a "
                    + "daemon without peers gives no work. Is there a -connect, -listen or -bind in --spawn-arg?");
            await Task.Delay(s_look, stop);
        }
        var chain = await daemon.CallAsync("getblockchaininfo", cancellationToken: stop);
        if (!chain.GetProperty("initialblockdownload").GetBoolean())
            return;
        await daemon.CallAsync("generatetoaddress", [1, payTo.Text], cancellationToken: stop);
        say("the regtest chain's newest block was too old to mine on: one was made, which pays the address");
    }
}
