using System.Collections.Concurrent;
using Stratum.Client;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

/// <summary>Simulated daemons of one network, a pool on them over HTTP, and miners over sockets.</summary>
internal sealed class PoolWorld : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly TempFolder _folder = new();
    private readonly Difficulty _share;
    private readonly Func<MiningPoolOptions, MiningPoolOptions>? _change;
    private readonly List<SimulatedDaemon> _daemons = [];

    private PoolWorld(Difficulty share, Func<MiningPoolOptions, MiningPoolOptions>? change) => (_share, _change) = (share, change);

    public SimulatedDaemon Daemon => _daemons[0];

    public IReadOnlyList<SimulatedDaemon> Daemons => _daemons;

    public SimulatedChain Chain => Daemon.Chain;

    public MiningPool Pool { get; private set; } = null!;

    public string JournalFile => _folder.File("blocks.journal");

    public IReadOnlyList<JournalEntry> Journal => BlockJournal.Read(JournalFile).Entries;

    public ConcurrentQueue<PoolBlock> Submitted { get; } = new();

    public ConcurrentQueue<PoolBlock> Changed { get; } = new();

    public ConcurrentQueue<DaemonChange> DaemonChanges { get; } = new();

    public ConcurrentQueue<DaemonCheck> Checks { get; } = new();

    public ConcurrentQueue<WorkAge> Ages { get; } = new();

    public ConcurrentQueue<string> Notices { get; } = new();

    /// <summary>Daemons that listen, and a pool that is not started.</summary>
    /// <param name="coin">The coin.</param>
    /// <param name="startHeight">Of the first block.</param>
    /// <param name="daemons">How many, each a node of its own.</param>
    /// <param name="chain">Changes the options of the chain.</param>
    /// <param name="daemon">The options of the daemons.</param>
    /// <param name="change">Changes the options of the pool, each time that one is made.</param>
    public static async Task<PoolWorld> CreateAsync(Coin coin, long startHeight = 1, int daemons = 1,
        Func<SimulatedChainOptions, SimulatedChainOptions>? chain = null, SimulatedDaemonOptions? daemon = null,
        Func<MiningPoolOptions, MiningPoolOptions>? change = null)
    {
        var share = new Difficulty(1e-7 * coin.DifficultyScale);
        var options = new SimulatedChainOptions
        {
            Coin = coin, StartHeight = startHeight,
            // A difficulty that stays, whoever mines how fast.
            MinimumDifficulty = new Difficulty(share.Value * 3), MaximumDifficulty = new Difficulty(share.Value * 3),
        };
        var world = new PoolWorld(share, change);
        var first = new SimulatedChain(chain?.Invoke(options) ?? options);
        for (var i = 0; i < daemons; i++)
        {
            // A port that nobody else is given while the daemon is down.
            var at = (daemon ?? new SimulatedDaemonOptions()) with { Port = FreePort.Next() };
            world._daemons.Add(new SimulatedDaemon(i == 0 ? first : first.CreatePeer(), at));
            await world._daemons[i].StartAsync();
        }
        world.NewPool();
        return world;
    }

    /// <summary>The pool ends, and another one begins where it left off.</summary>
    public async Task RestartPoolAsync()
    {
        await Pool.DisposeAsync();
        NewPool();
        await Pool.StartAsync().WaitAsync(Patience);
    }

    /// <summary>Another pool after <see cref="Pool"/> was disposed.</summary>
    public void NewPool()
    {
        var options = new MiningPoolOptions
        {
            Coin = Chain.Coin,
            Network = Chain.Network,
            PayTo = Address.FromPublicKeyHash(new byte[20], Chain.Network),
            Tag = "/pool-test/",
            JournalFile = JournalFile,
            Daemons = [.. _daemons.Select(daemon => new CoinDaemonOptions
            {
                Url = daemon.Url, CookieFile = daemon.CookieFile, Coin = Chain.Coin, Network = Chain.Network,
                TipCheckInterval = TimeSpan.FromMilliseconds(200), TipCheckTimeout = TimeSpan.FromSeconds(2),
                MaxRetryDelay = TimeSpan.FromMilliseconds(500),
            })],
            Server = new StratumServerOptions { Port = 0, Difficulty = _share },
        };
        Pool = new MiningPool(_change?.Invoke(options) ?? options);
        Pool.BlockSubmitted += Submitted.Enqueue;
        Pool.BlockChanged += Changed.Enqueue;
        Pool.DaemonChanged += DaemonChanges.Enqueue;
        Pool.DaemonChecked += Checks.Enqueue;
        Pool.WorkAged += Ages.Enqueue;
        Pool.Noticed += Notices.Enqueue;
    }

    /// <summary>A miner that mines as fast as it can.</summary>
    public Task<CpuMinerEnd> MineAsync() => new CpuMiner(new CpuMinerOptions
    {
        Url = new StratumUrl("127.0.0.1", Pool.Server.Port), User = "u", Algorithm = Chain.Coin.Algorithm,
    }).RunAsync(_stop.Token);

    public async Task StopMiningAsync(Task<CpuMinerEnd> mining)
    {
        await _stop.CancelAsync();
        Assert.True((await mining).IsSuccess);
    }

    /// <summary>A miner that finds a block when it is told to.</summary>
    public async Task<BlockFinder> ConnectAsync() => await BlockFinder.ConnectAsync(Pool.Server.Port, Chain.Coin);

    /// <summary>Somebody else finds blocks.</summary>
    public void Generate(int count = 1, int daemon = 0)
    {
        for (var i = 0; i < count; i++)
            Assert.NotNull(Daemons[daemon].Chain.GenerateBlock(new byte[] { 0x51 }, long.MaxValue));
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var begun = DateTime.UtcNow; !condition(); await Task.Delay(10))
            if (DateTime.UtcNow - begun > Patience)
                Assert.Fail($"{what} did not come true");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Pool.DisposeAsync();
        foreach (var daemon in _daemons)
        {
            await daemon.DisposeAsync();
            daemon.Chain.Dispose();
        }
        _folder.Dispose();
        _stop.Dispose();
    }
}
