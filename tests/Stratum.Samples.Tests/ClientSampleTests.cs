using System.Runtime.InteropServices;
using Stratum.Mining;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

public sealed class ClientSampleTests
{
    [Fact]
    public async Task FollowJobs_TwoJobs_PrintsBothAndEnds()
    {
        await using var server = await StartAsync();
        var first = await BroadcastAsync(server, tip: 1);
        await using var sample = Sample.Start("FollowJobs", $"stratum+tcp://127.0.0.1:{server.Port}", "2");

        var line = await sample.LineAsync(line => line.StartsWith("job "));
        Assert.StartsWith($"job {first.Id} on {first.PreviousBlock}, difficulty 0.000000001", line);
        Assert.EndsWith(", clean", line);
        var second = await BroadcastAsync(server, tip: 2);

        await sample.LineAsync(line => line.StartsWith($"job {second.Id} on {second.PreviousBlock}"));
        Assert.Equal(0, await sample.ExitCodeAsync());
    }

    [Fact]
    public async Task FollowJobs_PoolThatComesBack_IsFollowedOn()
    {
        var port = FreePort.Next();
        var before = await StartAsync(port);
        var first = await BroadcastAsync(before, tip: 1);
        await using var sample = Sample.Start("FollowJobs", $"stratum+tcp://127.0.0.1:{port}", "2");
        await sample.LineAsync(line => line.StartsWith($"job {first.Id} on {first.PreviousBlock}"));

        await before.DisposeAsync();
        await sample.LineAsync(line => line == "lost, trying again");

        await using var after = await StartAsync(port);
        var second = await BroadcastAsync(after, tip: 2);

        await sample.LineAsync(line => line.StartsWith($"job {second.Id} on {second.PreviousBlock}"));
        Assert.Equal(0, await sample.ExitCodeAsync());
    }

    [Fact]
    public async Task EightLineClient_EachJob_GetsAShare()
    {
        await using var server = await StartAsync();
        var credited = new List<WorkerName>();
        server.ShareAccepted += (_, e) => credited.Add(e.Worker);
        await BroadcastAsync(server, tip: 1);
        await using var sample = Sample.Start("EightLineClient", $"stratum+tcp://127.0.0.1:{server.Port}");

        await sample.LineAsync(line => line == "accepted");
        await BroadcastAsync(server, tip: 2);
        await sample.LineAsync(line => line == "accepted");

        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
        await server.StopAsync();
        Assert.Equal([new WorkerName("account.worker"), new WorkerName("account.worker")], credited);
    }

    [Fact]
    public async Task UnknownCoin_Run_MinesABlockOfItsOwnLayout()
    {
        await using var sample = Sample.Start("UnknownCoin");

        await sample.LineAsync(line => line.StartsWith("address smpl1q"));
        await sample.LineAsync(line => line.StartsWith("block 1000 ") && line.EndsWith(" bytes, the last is 0"));
        await sample.LineAsync(line => line == "share: accepted");
        Assert.Equal(0, await sample.ExitCodeAsync());
    }

    private static async Task<StratumServer> StartAsync(int port = 0)
    {
        var server = new StratumServer(new StratumServerOptions { Port = port, Difficulty = new Difficulty(1e-9) });
        await server.StartAsync();
        return server;
    }

    private static async Task<Job> BroadcastAsync(StratumServer server, byte tip)
    {
        var network = Coin.Bitcoin.GetNetwork("regtest");
        var template = new BlockTemplate
        {
            Version = 0x20000000,
            PreviousBlock = new Hash256([.. Enumerable.Repeat(tip, 32)]),
            Transactions = [],
            CoinbaseValue = 1,
            Bits = new CompactTarget(0x207fffff),
            CurTime = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            Height = tip,
        };
        var job = Job.FromTemplate(template, Coin.Bitcoin, Address.FromPublicKeyHash(new byte[20], network),
            new JobOptions { DifficultyMayExceedNetwork = true });
        await server.BroadcastAsync(job);
        return job;
    }
}
