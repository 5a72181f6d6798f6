using Stratum.Testing;

namespace Stratum.Mining.Tests;

public class WorkSourceTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(17, 8)]
    [InlineData(4, 1)]
    [InlineData(4, 9)]
    public void Constructor_SizeOutsideTheLimits_IsRefused(int extranonce1, int extranonce2) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new WorkSource(new WorkSourceOptions { Extranonce1Size = extranonce1, Extranonce2Size = extranonce2 }));

    [Fact]
    public void Options_Defaults_AreAsDocumented()
    {
        var options = new WorkSourceOptions();
        Assert.Equal((4, 8, 0x1fffe000u, 256, TimeSpan.FromMinutes(10), 1 << 22), (options.Extranonce1Size, options.Extranonce2Size,
            options.VersionMask, options.MaxJobs, options.MaxJobAge, options.MaxSeenShares));
        Assert.Equal(("/Stratum.NET/", 12), (new JobOptions().Tag, new JobOptions().ExtranonceSize));
        Assert.Empty(new JobOptions().Outputs);
    }

    [Fact]
    public void Lease_AllOfASmallSpace_AreDifferentAndThenRefused()
    {
        var source = new WorkSource(new WorkSourceOptions { Extranonce1Size = 2 });
        var leased = new HashSet<Extranonce>();
        for (var i = 0; i < 65535; i++)
            Assert.True(leased.Add(source.LeaseExtranonce1()));
        Assert.Throws<InvalidOperationException>(() => source.LeaseExtranonce1());
        var given = leased.First();
        source.Release(given);
        var again = source.LeaseExtranonce1();
        Assert.DoesNotContain(again, leased.Except([given]));
    }

    [Fact]
    public void Lease_Released_IsNotHandedOutAtOnce()
    {
        var source = new WorkSource();
        var first = source.LeaseExtranonce1();
        source.Release(first);
        Assert.NotEqual(first, source.LeaseExtranonce1());
    }

    [Fact]
    public void Publish_Jobs_GetDifferentIdsAndCleanOnlyForANewPreviousBlock()
    {
        var bench = new Bench();
        Assert.True(bench.Job.Clean);
        var second = bench.Publish(salt: 1);
        Assert.False(second.Clean);
        var third = bench.Publish(Hash256.Parse(new string('0', 63) + "1"), salt: 2);
        Assert.True(third.Clean);
        Assert.Equal(3, new[] { bench.Job.Id, second.Id, third.Id }.Distinct().Count());
        Assert.Matches("^[0-9a-f]{8}$", third.Id.Value);
        Assert.Same(third, bench.Source.Find(System.Text.Encoding.ASCII.GetBytes(third.Id.Value)));
        Assert.Equal(third.PreviousBlock, bench.Source.Tip);
    }

    [Fact]
    public void Publish_ManyOrOld_ForgetsTheOldest()
    {
        var bench = new Bench(options: new WorkSourceOptions { MaxJobs = 3 });
        for (byte i = 1; i < 10; i++)
            bench.Publish(salt: i);
        Assert.Equal(3, bench.Source.Recent.Count);
        // Until now the newest was worked on, however old it is.
        var newest = bench.Source.Current!;
        var late = Late();
        bench.Source.Publish(late, Bench.Now + 601);
        Assert.Equal([late, newest], bench.Source.Recent);
        var later = Late();
        bench.Source.Publish(later, Bench.Now + 1202);
        Assert.Equal([later, late], bench.Source.Recent);
    }

    [Fact]
    public void Publish_WrongExtranonceSizeTwiceOrIdInUse_IsRefused()
    {
        var bench = new Bench();
        Assert.Contains("ExtranonceSize", Assert.Throws<ArgumentException>(() => bench.Source.Publish(Late(11), Bench.Now)).Message);
        Assert.Throws<ArgumentException>(() => bench.Source.Publish(bench.Job, Bench.Now));
        var same = Late();
        same.Id = bench.Job.Id;
        Assert.Throws<ArgumentException>(() => bench.Source.Publish(same, Bench.Now));
    }

    [Fact]
    public void VersionMask_FollowsTheJobs()
    {
        var bench = new Bench();
        Assert.Equal(0x1fffe000u, bench.Source.VersionMask);
        bench.Publish(salt: 1, mask: 0);
        Assert.Equal(0u, bench.Source.VersionMask);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(uint.MaxValue)]
    public void SeenShares_AtTheCap_ForgetsEvictedJobsFirstAndSaysSo(long job)
    {
        var seen = new SeenShares(1600);
        var trimmed = new List<SeenSharesTrimmed>();
        seen.Trimmed += trimmed.Add;
        var random = new Random(5);
        var live = new List<Hash256>();
        for (var i = 0; i < 1200; i++)
            Assert.True(seen.TryAdd(Next(random), job, oldestLiveJob: job));
        for (var i = 0; i < 1200; i++)
        {
            live.Add(Next(random));
            Assert.True(seen.TryAdd(live[^1], job + 1, oldestLiveJob: job + 1));
        }
        Assert.NotEmpty(trimmed);
        Assert.All(trimmed, entry => Assert.Equal(0, entry.OfLiveJobs));
        Assert.All(live, hash => Assert.False(seen.TryAdd(hash, job + 1, job + 1)));
        Assert.InRange(seen.Count, live.Count, 1600);
    }

    [Fact]
    public void SeenShares_BelowTheCap_ForgetsNothing()
    {
        var seen = new SeenShares(1 << 20);
        var random = new Random(8);
        var hashes = Enumerable.Range(0, 100_000).Select(_ => Next(random)).ToArray();
        hashes[0] = Hash256.Zero;
        for (var i = 0; i < hashes.Length; i++)
            Assert.True(seen.TryAdd(hashes[i], job: i / 100, oldestLiveJob: i / 100));
        // The same work may come again under a new job id: see the caller.
        Assert.All(hashes, hash => Assert.False(seen.TryAdd(hash, 1000, 1000)));
        Assert.InRange(seen.Room, hashes.Length, 3 * hashes.Length);
    }

    [Fact]
    public void SeenShares_FullOfOneJob_ADuplicateForgetsNothing()
    {
        var seen = new SeenShares(1600);
        seen.Trimmed += trimmed => Assert.Fail($"{trimmed}");
        var random = new Random(11);
        var hashes = new List<Hash256>();
        // All in one shard, as many as it takes.
        while (hashes.Count < 100)
        {
            var hash = Next(random);
            if (hash.ToArray()[0] % 16 == 3)
                hashes.Add(hash);
        }
        Assert.All(hashes, hash => Assert.True(seen.TryAdd(hash, 1, 1)));
        Assert.All(hashes, hash => Assert.False(seen.TryAdd(hash, 1, 1)));
        Assert.Equal(100, seen.Count);
    }

    [Fact]
    public void SeenShares_OneJobFillsIt_EachTrimFreesAQuarter()
    {
        var seen = new SeenShares(1600);
        var trimmed = new List<SeenSharesTrimmed>();
        seen.Trimmed += trimmed.Add;
        var random = new Random(10);
        for (var i = 0; i < 16; i++)
            seen.TryAdd(Next(random), job: 1, oldestLiveJob: 1);
        for (var i = 0; i < 10_000; i++)
            Assert.True(seen.TryAdd(Next(random), job: 2, oldestLiveJob: 1));
        Assert.All(trimmed, entry => Assert.InRange(entry.Forgotten, 25, 100));
    }

    [Fact]
    public void SeenShares_Cleared_ForgetsAllAndKeepsItsRoom()
    {
        var seen = new SeenShares(1 << 20);
        var random = new Random(9);
        var hashes = Enumerable.Range(0, 10_000).Select(_ => Next(random)).ToArray();
        Assert.All(hashes, hash => Assert.True(seen.TryAdd(hash, 1, 1)));
        var room = seen.Room;
        seen.Clear();
        Assert.Equal((0, room), (seen.Count, seen.Room));
        var added = 0;
        Assert.Equal(0, Allocated.Least(() =>
        {
            seen.Clear();
            added = 0;
            foreach (var hash in hashes)
                added += seen.TryAdd(hash, 2, 2) ? 1 : 0;
        }));
        Assert.Equal(hashes.Length, added);
        // A block with far fewer shares: the room is given back with the next one.
        seen.Clear();
        Assert.True(seen.TryAdd(hashes[0], 3, 3));
        seen.Clear();
        Assert.InRange(seen.Room, 0, room / 16);
    }

    [Fact]
    public void SeenShares_CapOfLiveJobs_GoesOnJudging()
    {
        var seen = new SeenShares(1600);
        var forgotten = 0;
        seen.Trimmed += trimmed => forgotten += trimmed.OfLiveJobs;
        var random = new Random(6);
        for (var i = 0; i < 20_000; i++)
        {
            var hash = Next(random);
            Assert.True(seen.TryAdd(hash, job: i / 100, oldestLiveJob: 0));
            Assert.False(seen.TryAdd(hash, job: i / 100, oldestLiveJob: 0));
        }
        Assert.InRange(seen.Count, 1, 1600);
        Assert.Equal(20_000, seen.Count + forgotten);
    }

    [Fact]
    public async Task SeenShares_ManyThreads_EachHashIsNewOnce()
    {
        var seen = new SeenShares(1 << 20);
        var random = new Random(7);
        var hashes = Enumerable.Range(0, 20_000).Select(_ => Next(random)).ToArray();
        var added = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            foreach (var hash in hashes)
                if (seen.TryAdd(hash, 1, 1))
                    Interlocked.Increment(ref added);
        })));
        Assert.Equal(hashes.Length, added);
    }

    [Fact]
    public void FromTemplate_RecordedTemplate_PublishesRenewsAndAssembles()
    {
        var template = BlockTemplate.FromJson(Vectors.Json("bitcoin-gbt-h102-tx.json"));
        var address = Address.FromPublicKeyHash(new byte[20], Coin.Bitcoin.GetNetwork("regtest"));
        var job = Job.FromTemplate(template with { Version = 0x3fffe000 | template.Version }, Coin.Bitcoin, address);
        Assert.Equal(0u, job.Version & 0x1fffe000);
        var renewed = job.Renew!(template.CurTime + 30);
        Assert.NotEqual(job.Coinbase1.ToArray(), renewed.Coinbase1.ToArray());
        Assert.Equal(template.CurTime + 30, renewed.Time);
        Assert.Equal(template.CurTime, job.Renew(template.CurTime - 30).Time);
        var source = new WorkSource();
        source.Publish(job, 1);
        source.Publish(renewed, 2);
        Assert.False(renewed.Clean);
        var block = job.AssembleBlock(new byte[80], Extranonce.FromUInt64(1, 4), Extranonce.FromUInt64(2, 8));
        Assert.Equal(template.Transactions.Count + 1, block[80]);
        // Marker and flag of the coinbase's witness.
        Assert.Equal([0, 1], block[85..87]);
        Assert.EndsWith(Convert.ToHexString(template.Transactions[^1].Data.Span), Convert.ToHexString(block));
    }

    private static Hash256 Next(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return new Hash256(bytes);
    }

    private static Job Late(int extranonceSize = 0) => new()
    {
        PreviousBlock = Hash256.Zero, Coinbase1 = default, Coinbase2 = default, Version = 1, Bits = new CompactTarget(0x1d00ffff), Time = 1,
        ExtranonceSize = extranonceSize,
    };
}
