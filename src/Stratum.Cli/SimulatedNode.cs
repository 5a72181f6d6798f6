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
    };

    public static async Task<SimulatedNode> StartAsync(SimulatedChainOptions options, CancellationToken stop)
    {
        var daemon = new SimulatedDaemon(new SimulatedChain(options));
        await daemon.StartAsync(stop);
        return new SimulatedNode(daemon);
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        Chain.Dispose();
    }
}
