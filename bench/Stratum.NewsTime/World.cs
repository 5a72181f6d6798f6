using System.Diagnostics;
using System.Text.Json.Nodes;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Rpc;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.NewsTime;

/// <summary>A node of two spawned litecoinds (one alone gives no templates) and a pool in this process.</summary>
internal sealed class World : IAsyncDisposable
{
    private const string Address = "rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7k693xs3";
    private static readonly TimeSpan s_never = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();
    private readonly StratumNode _node;
    private readonly SpawnedDaemon _daemon;
    private readonly MiningPool _pool;

    private World(Way way)
    {
        var state = DaemonStateFolder.Open(_folder.File("state"));
        _daemon = new SpawnedDaemon(Options(state, "litecoin", "listen=1", "-bind=127.0.0.1") with { PeerPort = 0 });
        _daemon.PickPorts();
        _node = new StratumNode(new StratumNodeOptions
        {
            Rpc = new RpcServerOptions { Port = 0 },
            StateFolder = way == Way.LongPoll ? null : state,
        });
        _node.Add(_daemon);
        _node.Add(new SpawnedDaemon(Options(state, "peer", "listen=0", $"connect=127.0.0.1:{_daemon.PeerPort}") with { Notify = [] }));
        var network = Coin.Litecoin.GetNetwork("regtest");
        _pool = new MiningPool(new MiningPoolOptions
        {
            Coin = Coin.Litecoin,
            Network = network,
            PayTo = Mining.Address.Parse(Address, Coin.Litecoin, network),
            // Polling behind them must not be what is measured.
            Daemons =
            [
                _daemon.ToCoinDaemonOptions(Coin.Litecoin, network) with
                {
                    UseLongPoll = way != Way.Notify, PollInterval = s_never, TipCheckInterval = s_never,
                },
            ],
            Server = new StratumServerOptions { Port = 0 },
        });
        _node.Add(new NodePart("The first block", async _ => await GenerateAsync(), () => Task.CompletedTask));
        _node.Add(new NodePart("The pool", _pool.StartAsync, () => _pool.DisposeAsync().AsTask()));
    }

    public int Port => _pool.Server.Port;

    public static async Task<World> StartAsync(Way way)
    {
        var world = new World(way);
        await world._node.StartAsync();
        return world;
    }

    /// <summary>The moment at which the daemon tells whoever waits that it has another tip.</summary>
    public async Task<long> NextBlockIsKnownAsync()
    {
        await _daemon.CallAsync("waitfornewblock", [30_000]);
        return Stopwatch.GetTimestamp();
    }

    public async Task GenerateAsync() => await _daemon.CallAsync("generatetoaddress", new JsonArray(1, Address));

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    private static SpawnedDaemonOptions Options(DaemonStateFolder state, string name, params string[] arguments) =>
        SpawnedDaemonOptions.For(DaemonDefinition.Litecoin, state.ForDaemon(name), DaemonNetwork.Regtest, LitecoindNode.Program) with
        {
            Name = name,
            Args = ["dnsseed=0", "-discover=0", "listenonion=0", .. arguments],
        };
}
