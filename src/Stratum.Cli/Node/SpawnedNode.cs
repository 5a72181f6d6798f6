using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>
/// The daemon that the pool mines with, and on regtest a second one: a daemon without a peer gives no templates (-9), and
/// on a private chain there is no other.
/// </summary>
internal sealed class SpawnedNode
{
    // What each would look for among others, where there are none.
    private static readonly string[] s_private = ["-dnsseed=0", "-discover=0", "-listenonion=0"];

    public SpawnedNode(DaemonStateFolder state, SpawnedDaemonOptions options, bool isRegtest)
    {
        State = state;
        if (!isRegtest)
        {
            Main = new SpawnedDaemon(options);
            Main.PickPorts();
            return;
        }
        Main = new SpawnedDaemon(options with { PeerPort = 0, Args = [.. s_private, "-listen=1", "-bind=127.0.0.1", .. options.Args] });
        Main.PickPorts();
        if (Main.PeerPort is not { } peerPort)
            throw new UsageException($"--spawn: a daemon runs already on {options.DataDir}, and nobody knows where it listens for others of its "
                + "chain, without which there is no work on regtest. End it, or mine with it as it is: --daemon URL.");
        Peer = new SpawnedDaemon(options with
        {
            Name = $"{options.Name}-peer",
            StateFolder = state.ForDaemon("peer"),
            Port = 0,
            DataDir = null,
            Notify = [],
            Args = [.. s_private, "-listen=0", $"-connect=127.0.0.1:{peerPort}", .. options.Args],
        });
    }

    /// <summary>Where what outlives this process is kept.</summary>
    public DaemonStateFolder State { get; }

    public SpawnedDaemon Main { get; }

    public SpawnedDaemon? Peer { get; }

    /// <summary>Adds the daemons, and on regtest what makes their chain usable.</summary>
    public void AddTo(StratumNode node, Address payTo, Action<string> say)
    {
        node.Add(Main);
        if (Peer is null)
            return;
        node.Add(Peer);
        node.Add(new NodePart("The regtest chain", stop => RegtestChain.PrepareAsync(Main, Peer, payTo, say, stop), () => Task.CompletedTask));
    }
}
