using Stratum.Testing;

namespace Stratum.Mining.Tests;

public class ShareValidatorTests
{
    private static readonly Hash256 s_otherTip = Hash256.Parse("00000000000000000000000000000000000000000000000000000000000000aa");

    [Theory]
    [InlineData("V1")]
    [InlineData("V2")]
    [InlineData("V3")]
    [InlineData("V4")]
    public void Judge_WorkedVector_HasItsHashDifficultyAndBlock(string name)
    {
        var vector = Vectors.Named(name);
        var notify = vector.GetProperty("notify");
        var submit = vector.GetProperty("submit");
        var expected = vector.GetProperty("result");
        var coin = vector.GetProperty("algo").GetString() == "scrypt" ? Coin.Litecoin : Coin.Bitcoin;
        var extranonce2 = Convert.FromHexString(submit[2].GetString()!);
        var source = new WorkSource(new WorkSourceOptions { Extranonce2Size = extranonce2.Length });
        var miner = new Subscription(new Extranonce(Convert.FromHexString(vector.GetProperty("extranonce1").GetString()!)));
        var header = Convert.FromHexString(expected.GetProperty("header").GetString()!);
        var job = new Job
        {
            Id = new JobId(notify[0].GetString()!),
            Coin = coin,
            PreviousBlock = new Hash256(header.AsSpan(4, 32)),
            Coinbase1 = Convert.FromHexString(notify[2].GetString()!),
            Coinbase2 = Convert.FromHexString(notify[3].GetString()!),
            MerkleBranch = notify[4].EnumerateArray().Select(item => new Hash256(Convert.FromHexString(item.GetString()!))).ToArray(),
            Version = Number(notify[5].GetString()!),
            VersionMask = coin.VersionMask,
            Bits = new CompactTarget(Number(notify[6].GetString()!)),
            Time = Number(notify[7].GetString()!),
        };
        source.Publish(job, job.Time);
        miner.RecordSent(job, new Difficulty(1));
        var share = new Share
        {
            Subscription = miner,
            Readable = true,
            Authorized = true,
            JobId = System.Text.Encoding.ASCII.GetBytes(submit[1].GetString()!),
            Extranonce2 = new Extranonce(extranonce2),
            Time = Number(submit[3].GetString()!),
            Nonce = Number(submit[4].GetString()!),
            VersionBits = submit.GetArrayLength() > 5 ? Number(submit[5].GetString()!) : 0,
            VersionMask = vector.TryGetProperty("mask", out var mask) ? Number(mask.GetString()!) : 0,
            Tip = source.Tip,
            Now = job.Time,
        };

        ShareValidator.Judge(source, share, out var judgement);

        Assert.Equal(ShareVerdict.Accepted, judgement.Verdict);
        Assert.Equal(header, judgement.Header.ToArray());
        Assert.Equal(expected.GetProperty("pow_hash_display").GetString(), judgement.ProofOfWork.ToString());
        Assert.Equal(expected.GetProperty("block_hash").GetString(), judgement.BlockId.ToString());
        Assert.Equal(expected.GetProperty("is_block").GetBoolean(), judgement.IsBlock);
        var difficulty = expected.GetProperty("share_difficulty").GetDouble();
        Assert.Equal(difficulty, judgement.ShareDifficulty.Value, difficulty * 1e-12);
        Assert.Equal(1, judgement.Credit.Value);
    }

    [Fact]
    public void Judge_HonestShare_IsAcceptedWithItsJobsDifficulty()
    {
        var bench = new Bench();
        var judgement = bench.Judge(bench.Solve(new Attempt(), Bench.Easy));
        Assert.Equal(ShareVerdict.Accepted, judgement.Verdict);
        Assert.Equal(Bench.Easy, judgement.Credit);
        Assert.False(judgement.IsBlock);
    }

    // Each attempt breaks one rule and all later ones: the earlier check decides.
    [Fact]
    public void Judge_SeveralRulesBroken_TheFirstInOrderDecides()
    {
        var bench = new Bench();
        var attempt = new Attempt
        {
            Readable = false, Subscribed = false, JobId = "nonesuch", Authorized = false, Bits = 1, Time = Bench.Now + 8000, Tip = s_otherTip,
        };
        Assert.Equal(ShareVerdict.Malformed, bench.Judge(attempt).Verdict);
        attempt = attempt with { Readable = true };
        Assert.Equal(ShareVerdict.NotSubscribed, bench.Judge(attempt).Verdict);
        attempt = attempt with { Subscribed = true };
        Assert.Equal(ShareVerdict.JobNotFound, bench.Judge(attempt).Verdict);
        attempt = attempt with { JobId = null };
        Assert.Equal(ShareVerdict.Unauthorized, bench.Judge(attempt).Verdict);
        attempt = attempt with { Authorized = true };
        Assert.Equal(ShareVerdict.BadVersionBits, bench.Judge(attempt).Verdict);
        attempt = attempt with { Bits = 0 };
        Assert.Equal(ShareVerdict.BadTime, bench.Judge(attempt).Verdict);
        attempt = attempt with { Time = Bench.Now };
        Assert.Equal(ShareVerdict.Stale, bench.Judge(attempt).Verdict);
        var low = bench.Solve(attempt with { Tip = null }, new Difficulty(1e-12), Bench.Easy);
        Assert.Equal(ShareVerdict.LowDifficulty, bench.Judge(low).Verdict);
        var good = bench.Solve(low, Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(good).Verdict);
        Assert.Equal(ShareVerdict.Duplicate, bench.Judge(good).Verdict);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(0)]
    public void Judge_Extranonce2OfAnotherSize_IsMalformed(int length)
    {
        var bench = new Bench();
        Assert.Equal(ShareVerdict.Malformed, bench.Judge(new Attempt { Extranonce2 = Extranonce.FromUInt64(1, length) }).Verdict);
    }

    // Whatever the share rules say, a block is a block, once.
    [Theory]
    [InlineData("unauthorized", ShareVerdict.Unauthorized)]
    [InlineData("bits", ShareVerdict.BadVersionBits)]
    [InlineData("time", ShareVerdict.BadTime)]
    [InlineData("stale", ShareVerdict.Stale)]
    [InlineData("low", ShareVerdict.LowDifficulty)]
    public void Judge_BlockThatIsNoShare_IsReportedOnce(string why, ShareVerdict verdict)
    {
        var bench = new Bench(easyBlock: true);
        if (why == "low")
            bench.Miner.RecordSent(bench.Publish(easyBlock: true, salt: 9), new Difficulty(1000));
        var attempt = new Attempt
        {
            Job = bench.Source.Current,
            Authorized = why != "unauthorized",
            Bits = why == "bits" ? 1u : 0,
            Time = why == "time" ? Bench.Now + 7300 : Bench.Now,
            Tip = why == "stale" ? s_otherTip : null,
        };
        attempt = bench.Solve(attempt, new Difficulty(4.7e-10));
        var judgement = bench.Judge(attempt);
        Assert.Equal(verdict, judgement.Verdict);
        Assert.True(judgement.IsBlock);
        Assert.NotEqual(Hash256.Zero, judgement.BlockId);
        // With bits outside the mask there is a second header that may be a block; the same one is not told again.
        var again = bench.Judge(attempt);
        Assert.False(again.IsBlock && again.BlockId == judgement.BlockId);
    }

    // A miner that ORs bits outside the mask: no share, but its header may be a valid block.
    [Theory]
    [InlineData(true, ShareVerdict.BadVersionBits)]
    [InlineData(false, ShareVerdict.Unauthorized)]
    public void Judge_BitsOutsideTheMaskMakeABlock_BlockIsReportedWithThoseBits(bool authorized, ShareVerdict verdict)
    {
        var bench = new Bench(easyBlock: true);
        const uint Bits = 0x00000001;
        // With all bits allowed, the same header is what bench.Solve looks for; without them it must be no block.
        for (var attempt = new Attempt { Bits = Bits, Authorized = authorized }; ; attempt = attempt with { Counter = attempt.Counter + 1 })
        {
            attempt = bench.Solve(attempt, new Difficulty(1e-12), new Difficulty(4.6e-10));
            var judgement = bench.Judge(attempt);
            Assert.Equal(verdict, judgement.Verdict);
            if (!judgement.IsBlock)
                continue;
            Assert.Equal(0x20000001u, BlockHeader.Read(judgement.Header).Version);
            return;
        }
    }

    [Theory]
    [InlineData(-100, ShareVerdict.Accepted)]
    [InlineData(-101, ShareVerdict.BadTime)]
    [InlineData(7000, ShareVerdict.Accepted)]
    [InlineData(7001, ShareVerdict.BadTime)]
    public void Judge_Time_FromMinTimeTo7000AheadOfNow(int offset, ShareVerdict verdict)
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt { Time = (uint)(Bench.Now + offset) }, Bench.Easy);
        Assert.Equal(verdict, bench.Judge(attempt).Verdict);
    }

    [Fact]
    public void Judge_JobTimeInTheFuture_WindowEndsAfterIt()
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt { Time = Bench.Now + 7000, Now = Bench.Now - 50_000 }, Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(attempt).Verdict);
    }

    [Fact]
    public void Judge_DuplicateUnderAnotherMask_IsTheSameHeader()
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt { Mask = 0x1fffe000 }, Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(attempt).Verdict);
        Assert.Equal(ShareVerdict.Duplicate, bench.Judge(attempt with { Mask = 0 }).Verdict);
        var rolled = bench.Solve(attempt with { Bits = 0x2000 }, Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(rolled).Verdict);
    }

    [Theory]
    [InlineData("BAC", ShareVerdict.Duplicate)] // the chain went back and forth: A is known, it was worked on last
    [InlineData("BC", ShareVerdict.JobNotFound)] // A was forgotten, and its job with it
    public void Judge_TipComesBack_NoShareCountsTwice(string between, ShareVerdict verdict)
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt(), Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(attempt).Verdict);
        byte salt = 0;
        foreach (var tip in between)
            bench.Publish(tip == 'A' ? null : Hash256.Parse(new string('0', 63) + tip), salt: ++salt);
        bench.Publish(salt: ++salt);
        Assert.Equal(bench.Job.PreviousBlock, bench.Source.Tip);
        Assert.Equal(verdict, bench.Judge(attempt).Verdict);
    }

    [Fact]
    public void Judge_SameWorkUnderANewIdAfterManyOthers_IsADuplicate()
    {
        var bench = new Bench(options: new WorkSourceOptions { MaxJobs = 2 });
        var attempt = bench.Solve(new Attempt(), Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(attempt).Verdict);
        Job job = null!;
        for (var i = 0; i < 3; i++)
        {
            job = bench.Publish();
            bench.Miner.RecordSent(job, Bench.Easy);
            var other = attempt with { Job = job };
            // Each shard grows, at 48 shares.
            for (var n = 0; n < 500; n++)
            {
                other = bench.Solve(other with { Counter = other.Counter + 1 }, Bench.Easy);
                bench.Judge(other);
            }
            attempt = attempt with { Job = job };
        }
        Assert.Equal(ShareVerdict.JobNotFound, bench.Judge(attempt with { Job = bench.Job }).Verdict);
        Assert.Equal(ShareVerdict.Duplicate, bench.Judge(attempt).Verdict);
    }

    [Fact]
    public void Judge_SameExtranonce1OnAnotherSubscription_IsADuplicate()
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt(), Bench.Easy);
        var twin = new Subscription(bench.Miner.Extranonce1);
        twin.RecordSent(bench.Job, Bench.Easy);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(attempt).Verdict);
        Assert.Equal(ShareVerdict.Duplicate, bench.Judge(attempt with { Miner = twin }).Verdict);
    }

    [Fact]
    public void Judge_RefusedShare_IsNotRemembered()
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt(), Bench.Easy);
        Assert.Equal(ShareVerdict.Unauthorized, bench.Judge(attempt with { Authorized = false }).Verdict);
        Assert.Equal(ShareVerdict.Stale, bench.Judge(attempt with { Tip = s_otherTip }).Verdict);
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(attempt).Verdict);
    }

    [Fact]
    public void Judge_DifficultyRose_OlderJobKeepsItsOwn()
    {
        var bench = new Bench();
        var harder = bench.Publish(salt: 1);
        bench.Miner.RecordSent(harder, new Difficulty(Bench.Easy.Value * 50));
        var old = bench.Solve(new Attempt(), Bench.Easy, new Difficulty(Bench.Easy.Value * 40));
        Assert.Equal(ShareVerdict.Accepted, bench.Judge(old).Verdict);
        Assert.Equal(Bench.Easy, bench.Judge(bench.Solve(old with { Counter = old.Counter + 1 }, Bench.Easy)).Credit);
        var fresh = bench.Solve(new Attempt { Job = harder }, Bench.Easy, new Difficulty(Bench.Easy.Value * 40));
        Assert.Equal(ShareVerdict.LowDifficulty, bench.Judge(fresh).Verdict);
    }

    [Fact]
    public void Judge_DifficultyFell_OlderJobsShareUnderTheNewOneIsTrueAndWorthNothing()
    {
        var bench = new Bench();
        bench.Miner.RecordSent(bench.Publish(salt: 1), new Difficulty(Bench.Easy.Value / 50));
        var between = bench.Solve(new Attempt(), new Difficulty(Bench.Easy.Value / 40), Bench.Easy);
        var judgement = bench.Judge(between);
        Assert.Equal(ShareVerdict.Accepted, judgement.Verdict);
        Assert.Equal(0, judgement.Credit.Value);
        Assert.Equal(ShareVerdict.Duplicate, bench.Judge(between).Verdict);
        Assert.Equal(Bench.Easy, bench.Judge(bench.Solve(new Attempt(), Bench.Easy)).Credit);
    }

    [Fact]
    public void Judge_JobBeforeTheFirstOneSent_WasNotSent()
    {
        var bench = new Bench();
        var late = new Subscription(bench.Source.LeaseExtranonce1());
        late.RecordSent(bench.Publish(salt: 1), Bench.Easy);
        Assert.Equal(ShareVerdict.JobNotFound, bench.Judge(new Attempt { Miner = late }).Verdict);
        Assert.Equal(ShareVerdict.JobNotFound, bench.Judge(new Attempt { Miner = new Subscription(late.Extranonce1) }).Verdict);
    }

    [Fact]
    public void Judge_ShareJustBelowTheTarget_IsWithinTheTolerance()
    {
        var bench = new Bench();
        var attempt = bench.Solve(new Attempt(), Bench.Easy);
        var reached = Difficulty.OfHash(bench.Judge(attempt).ProofOfWork).Value;
        var miner = new Subscription(bench.Miner.Extranonce1);
        miner.RecordSent(bench.Job, new Difficulty(reached * (1 + 0.9 / 65535)));
        var other = new Subscription(bench.Miner.Extranonce1);
        other.RecordSent(bench.Job, new Difficulty(reached * (1 + 1.1 / 65535)));
        Assert.Equal(ShareVerdict.LowDifficulty, bench.Judge(attempt with { Miner = other }).Verdict);
        Assert.Equal(ShareVerdict.Duplicate, bench.Judge(attempt with { Miner = miner }).Verdict);
    }

    [Fact]
    public void Judge_JobWithoutCoin_IsUnjudged()
    {
        var bench = new Bench();
        var job = new Job
        {
            Id = new JobId("raw"), PreviousBlock = s_otherTip, Coinbase1 = default, Coinbase2 = default, Version = 1,
            Bits = new CompactTarget(0x1d00ffff), Time = 1,
        };
        bench.Source.Publish(job, Bench.Now);
        bench.Miner.RecordSent(job, Bench.Easy);
        Assert.Equal(ShareVerdict.Unjudged, bench.Judge(new Attempt { Job = job }).Verdict);
    }

    [Fact]
    public void Judge_AnyVerdict_AllocatesNothing()
    {
        var bench = new Bench();
        bench.Miner.RecordSent(bench.Job, Bench.Easy);
        var good = bench.Solve(new Attempt(), Bench.Easy);
        var id = System.Text.Encoding.ASCII.GetBytes(bench.Job.Id.Value);
        // The set of seen shares grows as it fills: a batch in which it does is not the best one.
        for (var i = 0; i < 5000; i++)
            Round(good.Counter + 10_000 + (ulong)i);
        var next = good.Counter;
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (var i = 0; i < 100; i++)
                Round(next++);
        }));

        void Round(ulong counter)
        {
            var share = new Share
            {
                Subscription = bench.Miner, Readable = true, JobId = id, Extranonce2 = Extranonce.FromUInt64(counter, 8), Time = Bench.Now,
                VersionMask = 0x1fffe000, Authorized = true, Tip = bench.Source.Tip, Now = Bench.Now,
            };
            ShareValidator.Judge(bench.Source, share, out _);
        }
    }

    private static uint Number(string hex) => Convert.ToUInt32(hex, 16);
}
