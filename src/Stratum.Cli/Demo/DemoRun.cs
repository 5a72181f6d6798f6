using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Server;
using Stratum.Simulation;

namespace Stratum.Cli;

/// <summary>A simulated node, a pool and CPU miners, all over loopback sockets.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    // Four shares a second from each miner: something moves, and the first one comes at once.
    private const double SecondsPerShare = 0.25;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _stopMiners = new();
    private readonly List<CpuMiner> _miners = [];
    private readonly SimulatedNode _chain;
    private readonly StratumNode _node;
    private readonly MiningPool _pool;
    private Task _mining = Task.CompletedTask;
    private long _accepted;
    private long _stale;
    private long _rejected;
    private long _blocks;
    private long _lastJob;
    private double _secondsToFirstShare;
    private string? _refusal;

    private DemoRun(SimulatedNode chain, StratumNode node, MiningPool pool)
    {
        _chain = chain;
        _node = node;
        _pool = pool;
        pool.Server.JobBroadcast += (_, _) => Volatile.Write(ref _lastJob, Stopwatch.GetTimestamp());
        pool.Server.ShareAccepted += (_, _) =>
        {
            if (Interlocked.Increment(ref _accepted) == 1)
                Volatile.Write(ref _secondsToFirstShare, Stopwatch.GetElapsedTime(_started).TotalSeconds);
        };
        pool.Server.ShareRejected += (_, share) => Count(share);
        pool.BlockSubmitted += block =>
        {
            if (block.Accepted)
                Interlocked.Increment(ref _blocks);
        };
    }

    /// <summary>Where miners go.</summary>
    public IPEndPoint EndPoint => _pool.Server.EndPoints[0];

    /// <summary>What carries its sessions, and why.</summary>
    public string Driver => _pool.Server.Driver;

    /// <summary>Where its JSON-RPC server is; null without one.</summary>
    public IPEndPoint? RpcEndPoint => _node.Rpc?.EndPoint;

    public static async Task<DemoRun> StartAsync(
        Coin coin, int miners, int port, SessionTransport transport, RpcServerOptions? rpc, CancellationToken stop)
    {
        var share = new Difficulty(MeasureHashRate(coin.Algorithm, miners) * SecondsPerShare / HashesPerDifficulty(coin));
        var chain = await SimulatedNode.StartAsync(new SimulatedChainOptions
        {
            Coin = coin,
            MinimumDifficulty = new Difficulty(share.Value * 2),
        }, stop);
        var node = new StratumNode(new StratumNodeOptions { Rpc = rpc });
        var pool = new MiningPool(new MiningPoolOptions
        {
            Coin = coin,
            Network = chain.Chain.Network,
            PayTo = Address.FromPublicKeyHash(RandomNumberGenerator.GetBytes(20), chain.Chain.Network),
            Daemons = [chain.DaemonOptions with { BlockSources = [node.BlocksOf(coin.Name)] }],
            Server = new StratumServerOptions
            {
                Port = port, Transport = transport, Handlers = HandlerScheduling.Inline, Difficulty = share,
            },
        });
        node.Add(new NodePart("The pool", pool.StartAsync, () => pool.DisposeAsync().AsTask()));
        node.Rpc?.Attach(pool.Server);
        var demo = new DemoRun(chain, node, pool);
        try
        {
            await node.StartAsync(stop);
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
        demo.StartMiners(coin, miners);
        return demo;
    }

    public DemoSummary Summary() => new(
        Interlocked.Read(ref _accepted), Interlocked.Read(ref _stale), Interlocked.Read(ref _rejected), Interlocked.Read(ref _blocks),
        _chain.Chain.Height, _miners.Sum(miner => miner.Statistics.HashRate),
        Volatile.Read(ref _secondsToFirstShare) is > 0 and var seconds ? seconds : null,
        Stopwatch.GetElapsedTime(_started),
        Volatile.Read(ref _lastJob) is not 0 and var job ? Stopwatch.GetElapsedTime(job) : null,
        $"stratum+tcp://{EndPoint}", _refusal);

    /// <summary>Lets the miners end, so that the answers to their last shares are counted.</summary>
    public async Task StopMinersAsync()
    {
        await _stopMiners.CancelAsync();
        await _mining;
    }

    public async ValueTask DisposeAsync()
    {
        await StopMinersAsync();
        await _node.DisposeAsync();
        await _pool.DisposeAsync();
        await _chain.DisposeAsync();
        _stopMiners.Dispose();
    }

    private void StartMiners(Coin coin, int count)
    {
        for (var i = 1; i <= count; i++)
            _miners.Add(new CpuMiner(new CpuMinerOptions
            {
                Url = new StratumUrl("127.0.0.1", _pool.Server.Port),
                User = $"demo.miner{i}",
                Algorithm = coin.Algorithm,
            }));
        _mining = Task.WhenAll(_miners.Select(miner => miner.RunAsync(_stopMiners.Token)));
    }

    private void Count(ShareEvent share)
    {
        if (share.Result.Verdict is ShareVerdict.Stale or ShareVerdict.JobNotFound)
        {
            Interlocked.Increment(ref _stale);
            return;
        }
        Interlocked.Increment(ref _rejected);
        _refusal = share.Result.Verdict.ToString();
    }

    private static double HashesPerDifficulty(Coin coin) => 4294967296.0 / coin.DifficultyScale;

    // What one miner will reach when all of them share the processors.
    private static double MeasureHashRate(string algorithm, int miners)
    {
        var scanner = NonceScanner.Create(algorithm);
        var batch = algorithm == "scrypt" ? 16u : 1_000u;
        // The first calls run code that the runtime has not optimised yet, at a fiftieth of the speed.
        Measure(scanner, batch, TimeSpan.FromMilliseconds(400));
        var rate = Measure(scanner, batch, TimeSpan.FromMilliseconds(100));
        return rate * Math.Min(1, (double)Environment.ProcessorCount / miners);
    }

    private static double Measure(NonceScanner scanner, uint batch, TimeSpan duration)
    {
        var header = new byte[BlockHeader.Size];
        var start = Stopwatch.GetTimestamp();
        double hashes = 0;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            scanner.TryScan(header, 0, batch, Target.Zero, out _, out var scanned);
            hashes += scanned;
        }
        return hashes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
