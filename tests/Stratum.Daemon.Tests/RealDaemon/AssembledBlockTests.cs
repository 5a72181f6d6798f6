using System.Text;
using System.Text.Json;
using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Blocks as a pool assembles them, of every kind of template, by litecoind's opinion.</summary>
public sealed class AssembledBlockTests
{
    private const int Stages = 20, PerStage = 10, Seed = 20260101;
    private const uint Signalling = 0x30000010, Plain = 0x20000000;

    private readonly Random _random = new(Seed);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AssembleBlock_ThroughTheMwebActivation_IsTakenAtEachHeight()
    {
        (Litecoind litecoind, MwebTraffic traffic) = await MwebTraffic.StartAsync(MwebTraffic.Signalling - 2, Ct);
        await using Litecoind both = litecoind;
        await using CoinDaemon daemon = Connect(litecoind);

        // The last block before signalling, the first with it, locked in (288), the last before MWEB.
        foreach (int height in new[] { 143, 144, 145, 200, 287, 288, 289, 430, 431 })
        {
            await traffic.GrowAsync(height - 1, Ct);
            await traffic.OrdinaryAsync(Ct);
            BlockTemplate template = await MineAsync(litecoind, daemon, height, height < 144 ? Plain : Signalling);
            Assert.Null(template.Mweb);
        }

        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => daemon.GetTemplateAsync(cancellationToken: Ct));
        Assert.Contains("bad-txns-vin-empty", refused.Message);

        await traffic.FillPrivateAsync(Ct);
        for (int height = MwebTraffic.Activation; height < MwebTraffic.Activation + 4; height++)
        {
            BlockTemplate template = await MineAsync(litecoind, daemon, height, Plain);
            Assert.NotNull(template.Mweb);
            await traffic.PrivateAsync(Ct);
            await traffic.PegOutAsync(Ct);
        }
    }

    [Fact]
    public async Task AssembleBlock_TwoHundredOfVariedMempools_PassTheProposal()
    {
        (Litecoind litecoind, MwebTraffic traffic) = await MwebTraffic.StartAsync(502, Ct);
        await using Litecoind both = litecoind;
        await using CoinDaemon daemon = Connect(litecoind);
        var shapes = new HashSet<(int Transactions, int Mweb)>();
        var answers = new List<string?>();

        for (int stage = 0; stage < Stages; stage++)
        {
            BlockTemplate template = await daemon.GetTemplateAsync(cancellationToken: Ct);
            shapes.Add((template.Transactions.Count, template.Mweb!.Value.Length));
            byte[] block = [];
            for (int i = 0; i < PerStage; i++)
            {
                block = Assemble(template, solve: i == PerStage - 1);
                answers.Add(await daemon.ProposeBlockAsync(block, Ct));
            }

            // The next tip makes a template of all that came meanwhile; otherwise that takes five seconds.
            await MakeTrafficAsync(traffic, stage);
            Assert.Null(await daemon.SubmitBlockAsync(block, Ct));
        }

        Assert.Equal(Stages * PerStage, answers.Count);
        Assert.All(answers, Assert.Null);
        Assert.True(shapes.Count > Stages / 2, $"The mempools were much the same: {string.Join(' ', shapes)}");
        Assert.Contains(shapes, shape => shape.Transactions == 1);
        Assert.Contains(shapes, shape => shape.Transactions > 3);
        await litecoind.InStepAsync(Ct);
    }

    // Each mixture of the four kinds once, and then two of all.
    private static async Task MakeTrafficAsync(MwebTraffic traffic, int stage)
    {
        Func<CancellationToken, Task<string>>[] kinds =
            [traffic.OrdinaryAsync, traffic.PegInAsync, traffic.PrivateAsync, traffic.PegOutAsync];
        int mixture = stage < 16 ? stage : 15, times = stage is 16 or 17 ? 2 : 1;
        for (int i = 0; i < kinds.Length * times; i++)
        {
            if ((mixture >> (i % kinds.Length) & 1) != 0)
            {
                await kinds[i % kinds.Length](Ct);
            }
        }
    }

    /// <summary>Proposes a block and hands it in; the node then has it at this height, with the template's version.
    /// </summary>
    private async Task<BlockTemplate> MineAsync(Litecoind litecoind, CoinDaemon daemon, int height, uint version)
    {
        BlockTemplate template = await daemon.GetTemplateAsync(cancellationToken: Ct);
        Assert.Equal(height, template.Height);
        Assert.Equal(version, template.Version);
        byte[] block = Assemble(template, solve: true);

        Assert.Null(await daemon.ProposeBlockAsync(block, Ct));
        Assert.Null(await daemon.SubmitBlockAsync(block, Ct));

        string id = JobMiner.Id(block[..BlockHeader.Size]);
        JsonElement seen = await litecoind.CallAsync("getblock", [id], Ct);
        Assert.Equal(1, seen.GetProperty("confirmations").GetInt32());
        Assert.Equal(height, seen.GetProperty("height").GetInt32());
        Assert.Equal(version, seen.GetProperty("version").GetUInt32());
        Assert.Equal(template.Transactions.Count + 1, seen.GetProperty("nTx").GetInt32());
        return template;
    }

    private byte[] Assemble(BlockTemplate template, bool solve)
    {
        byte[] extranonce1 = RandomBytes(2, 16), extranonce2 = RandomBytes(2, 8);
        int size = extranonce1.Length + extranonce2.Length;
        Address payTo = Address.FromPublicKeyHash(RandomBytes(20, 20), Coin.Litecoin.GetNetwork("regtest"));
        // Each job has a salt of its own.
        var job = Job.FromTemplate(
            template, Coin.Litecoin, payTo, new JobOptions { ExtranonceSize = size, Tag = RandomTag(88 - size) });
        byte[] header = JobMiner.Header(job, extranonce1, extranonce2, (uint)_random.Next());
        if (solve)
        {
            JobMiner.Solve(job, header);
        }

        return job.AssembleBlock(header, new Extranonce(extranonce1), new Extranonce(extranonce2));
    }

    private byte[] RandomBytes(int atLeast, int atMost)
    {
        byte[] bytes = new byte[_random.Next(atLeast, atMost + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    // None, as long as fits, anything between; with letters of several bytes among them.
    private string RandomTag(int room)
    {
        int length = _random.Next(4) switch { 0 => 0, 1 => room, _ => _random.Next(room) };
        var tag = new StringBuilder();
        while (Encoding.UTF8.GetByteCount(tag.ToString()) < length - 3)
        {
            tag.Append(_random.Next(5) == 0 ? '矿' : (char)_random.Next(' ', '~'));
        }

        return tag.Append('/', length - Encoding.UTF8.GetByteCount(tag.ToString())).ToString();
    }

    private static CoinDaemon Connect(Litecoind litecoind) =>
        new(TemplateReading.Options(litecoind.Url) with { CookieFile = litecoind.CookieFile });
}
