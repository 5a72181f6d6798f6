using System.Runtime.InteropServices;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Server;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

public sealed class TinyProxyTests
{
    private const int Miners = 10;
    private const int Shares = 6;
    private static readonly Difficulty s_difficulty = new(1e-6); // some four thousand hashes

    [Fact]
    public void Sample_ItsFiles_HaveUnderEightyLines() => Assert.InRange(
        new[] { "Program.cs", "TinyProxy.csproj" }.Sum(file => File.ReadLines(Path.Combine(Tree.Root, "samples", "TinyProxy", file)).Count()), 1, 79);

    [Fact]
    public async Task Proxy_TenMiners_EveryShareIsAcceptedByThePool()
    {
        await using var pool = new StratumServer(new StratumServerOptions { Port = 0, Difficulty = s_difficulty });
        var accepted = 0;
        var rejected = new List<ShareEvent>();
        var half = new TaskCompletionSource();
        pool.ShareAccepted += (_, _) =>
        {
            if (Interlocked.Increment(ref accepted) == Miners * Shares / 2)
                half.TrySetResult();
        };
        pool.ShareRejected += (_, e) => rejected.Add(e);
        await pool.StartAsync();
        await BroadcastAsync(pool);
        await using var sample = Sample.Start("TinyProxy", $"stratum+tcp://127.0.0.1:{pool.Port}", "farm.1", "0");
        var url = StratumUrl.Parse($"stratum+tcp://127.0.0.1:{await sample.PortAsync()}");

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var miners = Enumerable.Range(0, Miners).Select(number => new CpuMiner(new CpuMinerOptions
        {
            Url = url,
            User = $"miner{number}",
            Shares = Shares,
            Client = StratumClientOptions.Default with { VersionRollingMask = number % 2 == 0 ? null : 0x1fffe000 },
        })).ToList();
        var running = Task.WhenAll(miners.Select(miner => miner.RunAsync(deadline.Token)));
        await half.Task.WaitAsync(deadline.Token);
        // Harder work on the way: whoever gets it must meet it.
        var upstream = Assert.Single(pool.Sessions);
        upstream.Difficulty = new Difficulty(2e-6);
        await BroadcastAsync(pool);
        var ends = await running;

        Assert.All(ends, end => Assert.Equal(CpuMinerEndReason.SharesReached, end.Reason));
        Assert.All(miners, miner => Assert.Equal((0L, 0L), (miner.Statistics.Rejected, miner.Statistics.Stale)));
        Assert.Equal("farm.1", Assert.Single(upstream.Workers).Value);
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
        await pool.StopAsync();
        Assert.Empty(rejected);
        Assert.InRange(accepted, Miners * Shares, int.MaxValue);
    }

    [Fact]
    public async Task Proxy_ShareThatThePoolRefuses_IsRefusedWithItsWords()
    {
        await using var pool = new StratumServer(new StratumServerOptions { Port = 0, Difficulty = s_difficulty });
        pool.OnSubmit((_, _) => ShareResult.Reject(20, "Not today"));
        await pool.StartAsync();
        await BroadcastAsync(pool);
        await using var sample = Sample.Start("TinyProxy", $"stratum+tcp://127.0.0.1:{pool.Port}", "farm.1", "0");
        await using var client = new StratumClient(StratumClientOptions.Default with { User = "miner" });
        await client.ConnectAsync($"stratum+tcp://127.0.0.1:{await sample.PortAsync()}");
        await client.LoginAsync();

        await foreach (var job in client.Jobs())
        {
            Assert.Equal((2, 6, s_difficulty), (job.Extranonce1.Length, job.Extranonce2Size, job.Difficulty));
            var answer = await client.SubmitAsync(job, Extranonce.FromUInt64(1, 6), job.Time, 1);
            Assert.Equal(SubmitResult.Rejected(20, "Not today"), answer);
            break;
        }
    }

    private static async Task BroadcastAsync(StratumServer server)
    {
        var network = Coin.Bitcoin.GetNetwork("regtest");
        var template = new BlockTemplate
        {
            Version = 0x20000000,
            PreviousBlock = new Hash256([.. Enumerable.Repeat((byte)1, 32)]),
            Transactions = [],
            CoinbaseValue = 1,
            Bits = new CompactTarget(0x1d00ffff), // no share is a block
            CurTime = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            Height = 1,
        };
        await server.BroadcastAsync(Job.FromTemplate(template, Coin.Bitcoin, Address.FromPublicKeyHash(new byte[20], network)));
    }
}
