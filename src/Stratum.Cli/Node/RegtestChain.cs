using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>Makes a private chain one that can be mined on.</summary>
internal static class RegtestChain
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the peer, and makes a block where the newest is so old that the daemon thinks it has more to
    /// download (-10): block 0 is of 2011.</summary>
    public static async Task PrepareAsync(SpawnedDaemon daemon, Address payTo, Action<string> say, CancellationToken stop)
    {
        while ((await daemon.CallAsync("getconnectioncount", cancellationToken: stop)).GetInt32() == 0)
            await Task.Delay(s_look, stop);
        var chain = await daemon.CallAsync("getblockchaininfo", cancellationToken: stop);
        if (!chain.GetProperty("initialblockdownload").GetBoolean())
            return;
        await daemon.CallAsync("generatetoaddress", [1, payTo.Text], cancellationToken: stop);
        say("the regtest chain's newest block was too old to mine on: one was made, which pays the address");
    }
}
