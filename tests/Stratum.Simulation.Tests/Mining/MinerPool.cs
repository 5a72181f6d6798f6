using System.Collections.Concurrent;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Simulation.Tests;

/// <summary>A real server with a job that a processor can solve shares of, though hardly blocks.</summary>
internal sealed class MinerPool : IAsyncDisposable
{
    private readonly Coin _coin;
    private byte _previous;

    public MinerPool(string algorithm = "sha256d", int port = 0, Action<StratumServerOptions>? configure = null)
    {
        _coin = algorithm == "scrypt" ? Coin.Litecoin : Coin.Bitcoin;
        var options = new StratumServerOptions { Port = port, Difficulty = new Difficulty(algorithm == "scrypt" ? 0.0001 : 1e-6) };
        configure?.Invoke(options);
        Server = new StratumServer(options);
        Server.ShareAccepted += (_, share) => Accepted.Add(share);
        Server.ShareRejected += (_, share) => Rejected.Add(share);
    }

    public static TimeSpan Patience => TimeSpan.FromSeconds(60);

    public StratumServer Server { get; }

    public ConcurrentBag<ShareEvent> Accepted { get; } = [];

    public ConcurrentBag<ShareEvent> Rejected { get; } = [];

    public StratumUrl Url => new("127.0.0.1", Server.Port);

    public CpuMinerOptions Options => OptionsFor(Url) with { Algorithm = _coin.Algorithm };

    public static CpuMinerOptions OptionsFor(StratumUrl url) => new()
    {
        Url = url,
        User = "miner",
        Client = new StratumClientOptions
        {
            ReconnectDelay = TimeSpan.FromMilliseconds(5),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
        },
    };

    public async Task StartAsync()
    {
        await Server.StartAsync();
        await NewBlockAsync();
    }

    /// <summary>A job on another previous block, which is clean.</summary>
    public async Task NewBlockAsync()
    {
        byte[] previous = new byte[32];
        previous[0] = ++_previous;
        await Server.BroadcastAsync(new Job
        {
            Coin = _coin,
            PreviousBlock = new Hash256(previous),
            Coinbase1 = new byte[] { 1, 0, 0, 0, _previous },
            Coinbase2 = new byte[] { 0xff, 0xff },
            Version = 0x20000000,
            VersionMask = _coin.VersionMask,
            Bits = new CompactTarget(0x1b0404cb),
            Time = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            DifficultyMayExceedNetwork = true,
        });
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
