using Stratum.Daemon;
using Stratum.Simulation;

namespace Stratum.Cli;

/// <summary>A simulated chain and its daemon, and how a pool reaches it: over HTTP, as any daemon.</summary>
internal sealed class SimulatedNode : IAsyncDisposable
{
    private readonly SimulatedDaemon _daemon;

    private SimulatedNode(SimulatedDaemon daemon) => _daemon = daemon;

    public SimulatedChain Chain => _daemon.Chain;

    public CoinDaemonOptions DaemonOptions => new()
    {
        Url = _daemon.Url,
        CookieFile = _daemon.CookieFile,
        Coin = Chain.Coin,
        Network = Chain.Network,
        // A long poll that is answered sooner than this counts as one that does not wait, and is asked less and less.
        PollInterval = PollInterval(Chain.Options.JobInterval),
        JobInterval = Chain.Options.JobInterval == Timeout.InfiniteTimeSpan
            ? TimeSpan.FromSeconds(30) : Chain.Options.JobInterval,
    };

    public static async Task<SimulatedNode> StartAsync(SimulatedChainOptions options, CancellationToken stop)
    {
        var daemon = new SimulatedDaemon(new SimulatedChain(options));
        await daemon.StartAsync(stop);
        return new SimulatedNode(daemon);
    }

    private static TimeSpan PollInterval(TimeSpan jobInterval)
    {
        var usual = TimeSpan.FromSeconds(1);
        if (jobInterval == Timeout.InfiniteTimeSpan || jobInterval / 2 >= usual)
            return usual;
        var least = TimeSpan.FromMilliseconds(10);
        return jobInterval / 2 > least ? jobInterval / 2 : least;
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        Chain.Dispose();
    }
}
