using System.Security.Cryptography;
using Stratum.Testing;

namespace Stratum.Mining.Tests;

/// <summary>From a template through a job and a share to the block.</summary>
public class TemplateJobTests
{
    private const uint RollableBit = 0x00002000;
    private const uint VoteBit = 0x10000000;
    private static readonly Extranonce s_extranonce1 = Extranonce.FromUInt64(0x01020304, 4);
    private static readonly Extranonce s_extranonce2 = Extranonce.FromUInt64(0x05060708, 8);

    public static TheoryData<string> Files => BlockTemplateTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void AssembleBlock_RecordedTemplate_IsHeaderCoinbaseTransactionsAndExtension(string file)
    {
        var template = Read(file);
        var job = NewJob(template, file);
        byte[] expected =
        [
            .. new byte[80], (byte)(template.Transactions.Count + 1),
            .. job.Coinbase!.Assemble(s_extranonce1, s_extranonce2, withWitness: true),
            .. template.Transactions.SelectMany(one => one.Data.ToArray()),
            .. template.Mweb is { } mweb ? [1, .. mweb.Span] : Array.Empty<byte>(),
        ];
        Assert.Equal(expected, job.AssembleBlock(new byte[80], s_extranonce1, s_extranonce2));
        Assert.Equal(RootOf(job, template), MerkleBranch.Root(
            Sha256d.Hash(job.Coinbase.Assemble(s_extranonce1, s_extranonce2, withWitness: false)), job.MerkleBranch.Span));
    }

    // All that is not the miner's: what stands behind the coinbase in a block that litecoind or bitcoind made itself.
    [Theory]
    [MemberData(nameof(RecordedBlock.Files), MemberType = typeof(RecordedBlock))]
    public void AssembleBlock_RecordedBlock_EndsAsIt(string block, string file)
    {
        var recorded = new RecordedBlock(block, file);
        var tail = recorded.Bytes[(81 + recorded.Coinbase.Length)..];
        var job = NewJob(recorded.Template, file);
        var coinbase = job.Coinbase!.Assemble(s_extranonce1, s_extranonce2, withWitness: true);
        var assembled = job.AssembleBlock(recorded.Header, s_extranonce1, s_extranonce2);
        Assert.Equal(recorded.Bytes[..81], assembled[..81]);
        Assert.Equal(tail, assembled[(81 + coinbase.Length)..]);
    }

    [Theory]
    [InlineData("litecoin-gbt-h432-first-mweb-pegin.json")]
    [InlineData("litecoin-gbt-h433-mweb-empty.json")]
    [InlineData("litecoin-gbt-h433-mweb-tx.json")]
    public void AssembleBlock_Mweb_HasTheHogExLastAndTheExtensionBehindIt(string file)
    {
        var template = Read(file);
        var assembled = NewJob(template, file).AssembleBlock(new byte[80], s_extranonce1, s_extranonce2);
        var mweb = template.Mweb!.Value.Span;
        Assert.True(assembled.AsSpan().EndsWith(mweb));
        Assert.Equal(0x01, assembled[^(mweb.Length + 1)]);
        var hogEx = template.Transactions[^1].Data.Span;
        Assert.Equal("020000000008", Convert.ToHexStringLower(hogEx[..6]));
        Assert.True(assembled.AsSpan()[..^(mweb.Length + 1)].EndsWith(hogEx));
    }

    // 144 to 431 signal MWEB; the signal is not the miners' to change.
    [Theory]
    [InlineData(0x20000000u)]
    [InlineData(0x30000010u)]
    public void FromTemplate_LitecoinVersion_IsKeptBitForBit(uint version)
    {
        var template = Read("litecoin-gbt-h102-pre-mweb-tx.json") with { Version = version, VersionBitsAvailable = 0x10 };
        var job = NewJob(template, "litecoin");
        Assert.Equal((version, 0u), (job.Version, job.VersionMask));
    }

    [Theory]
    [InlineData(VoteBit, 0u)]
    [InlineData(0u, VoteBit)]
    public void FromTemplate_BitsWithAMeaning_AreNotInTheMask(uint required, uint available)
    {
        var template = Read("bitcoin-gbt-h102-tx.json") with
        {
            Version = 0x20000000 | VoteBit | RollableBit, VersionBitsRequired = required, VersionBitsAvailable = available,
        };
        var job = NewJob(template, "bitcoin");
        Assert.Equal((0x20000000u | VoteBit, 0x0fffe000u), (job.Version, job.VersionMask));
        var option = NewJob(template, "bitcoin", new JobOptions { VersionMask = 0x1fffffe0 });
        Assert.Equal((0x20000000u | VoteBit, 0x0fffffe0u), (option.Version, option.VersionMask));
    }

    [Fact]
    public void Judge_ShareThatRollsABitWithAMeaning_IsRefused()
    {
        var template = Read("bitcoin-gbt-h102-tx.json") with
        {
            Version = 0x20000000 | VoteBit, VersionBitsAvailable = VoteBit, Bits = new CompactTarget(0x1d00ffff),
        };
        var job = NewJob(template, "bitcoin");
        var source = new WorkSource();
        source.Publish(job, template.CurTime);
        Assert.Equal(0x0fffe000u, source.VersionMask);
        var miner = new Subscription(s_extranonce1);
        miner.RecordSent(job, Difficulty.Floor());

        // The miner got its mask with an earlier job, which let it roll all of BIP 320's.
        var (verdict, header) = Judge(source, miner, VoteBit | RollableBit);
        Assert.Equal(ShareVerdict.BadVersionBits, verdict);
        (verdict, header) = Judge(source, miner, RollableBit);
        Assert.Equal(ShareVerdict.Accepted, verdict);
        Assert.Equal(0x20000000 | VoteBit | RollableBit, header.Version);
    }

    [Fact]
    public void FromTemplate_Times_AreNeitherBeforeTheEarliestNorMovedBack()
    {
        var template = Read("bitcoin-gbt-h102-tx.json");
        // The median of many fast blocks may be ahead of the node's clock, and the node's clock ahead of ours.
        var early = NewJob(template with { CurTime = 1_000, MinTime = 2_000 }, "bitcoin");
        Assert.Equal((2_000u, 2_000u), (early.Time, early.MinTime));
        Assert.Equal(2_000u, early.Renew!(1_500).Time);
        Assert.Equal(2_500u, early.Renew(2_500).Time);
        var ahead = NewJob(template with { CurTime = uint.MaxValue - 10, MinTime = 2_000 }, "bitcoin");
        Assert.Equal(uint.MaxValue - 10, ahead.Time);
        Assert.Equal(uint.MaxValue - 10, ahead.Renew!(2_500).Time);
    }

    [Fact]
    public void AssembleBlock_LegacyOnly_HasNoWitness()
    {
        var read = Read("bitcoin-gbt-h102-tx.json");
        var template = read with
        {
            WitnessCommitment = null,
            CoinbaseValue = 5_000_000_000,
            Transactions = [.. read.Transactions.Where(one => one.TxId == one.WitnessHash)],
        };
        Assert.Equal(2, template.Transactions.Count);
        Assert.Null(TemplateCheck.FindContradiction(template, Coin.Bitcoin));
        var job = NewJob(template, "bitcoin");
        var coinbase = job.Coinbase!.Assemble(s_extranonce1, s_extranonce2, withWitness: false);
        var assembled = job.AssembleBlock(new byte[80], s_extranonce1, s_extranonce2);
        Assert.Equal(coinbase, assembled[81..(81 + coinbase.Length)]);
        // One input follows the version at once, and one output, ours, the sequence.
        Assert.Equal("0200000001", Convert.ToHexStringLower(coinbase[..5]));
        Assert.StartsWith("ffffffff01", Convert.ToHexStringLower(job.Coinbase2.Span["/Stratum.NET/".Length..]), StringComparison.Ordinal);
    }

    [Fact]
    public void FromTemplate_CoinbaseAux_IsInTheScriptAndCounted()
    {
        // 2 of height, 5 of salt, 13 of extranonce and 13 of tag leave 67.
        var template = Read("bitcoin-gbt-h102-empty.json");
        var job = NewJob(template with { CoinbaseAux = Enumerable.Repeat((byte)0xaa, 67).ToArray() }, "bitcoin");
        var part1 = job.Coinbase1.Span;
        Assert.Equal(100, part1[41]);
        Assert.Equal("0166" + string.Concat(Enumerable.Repeat("aa", 67)) + "04", Convert.ToHexStringLower(part1[42..112]));
        var error = Assert.Throws<ArgumentException>(
            () => NewJob(template with { CoinbaseAux = new byte[68] }, "bitcoin"));
        Assert.Contains("the tag may have 12 bytes, not 13", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AssembleBlock_FullTemplate_HasEveryTransactionAndTheRightRoot()
    {
        var template = FullTemplate();
        Assert.Null(TemplateCheck.FindContradiction(template, Coin.Bitcoin));
        var job = NewJob(template, "bitcoin");
        var coinbase = job.Coinbase!.Assemble(s_extranonce1, s_extranonce2, withWitness: false);
        var root = MerkleBranch.Root(Sha256d.Hash(coinbase), job.MerkleBranch.Span);
        Assert.Equal(RootOf(job, template), root);
        var assembled = job.AssembleBlock(new byte[80], s_extranonce1, s_extranonce2);
        Assert.Equal([0xfd, 4501 & 0xff, 4501 >> 8], assembled[80..83]);
        var at = 83 + coinbase.Length + 36;
        foreach (var one in template.Transactions)
        {
            Assert.True(assembled.AsSpan(at).StartsWith(one.Data.Span));
            at += one.Data.Length;
        }
        Assert.Equal(assembled.Length, at);
        Assert.InRange(template.Transactions.Sum(one => one.Weight), 3_950_000, 3_996_000);
    }

    [Fact]
    public void FindContradiction_FullTemplate_AllocatesNothingPerTransaction()
    {
        var template = FullTemplate();
        // One table of the ids: 48 bytes or so for each of 4,500.
        Assert.InRange(Allocated.Least(() => TemplateCheck.FindContradiction(template, Coin.Bitcoin)), 0, 4500 * 60);
    }

    [Fact]
    public void FindContradiction_FullTemplate_FindsTheLastTransactionChanged()
    {
        var template = FullTemplate();
        var last = template.Transactions[^1].Data.ToArray();
        last[^10] ^= 0x10;
        template = template with
        {
            Transactions = [.. template.Transactions.SkipLast(1), template.Transactions[^1] with { Data = last }],
        };
        Assert.Contains("transactions[4499].hash", TemplateCheck.FindContradiction(template, Coin.Bitcoin), StringComparison.Ordinal);
    }

    // 4,500 transactions of 886 weight units: what a daemon puts into a block of 4,000,000, and nearly 3 MB.
    private static BlockTemplate FullTemplate()
    {
        var transactions = new List<TemplateTransaction>();
        for (var i = 0; i < 4500; i++)
        {
            byte[] inputs = [1, .. SHA256.HashData(BitConverter.GetBytes(i)), 0, 0, 0, 0, 0, 0xfd, 0xff, 0xff, 0xff];
            byte[] outputs = [1, .. BitConverter.GetBytes(1000L + i), 22, 0, 20, .. new byte[20]];
            byte[] witness = [1, 0xfd, 0x28, 0x02, .. Enumerable.Repeat((byte)i, 552)];
            byte[] data = [2, 0, 0, 0, 0, 1, .. inputs, .. outputs, .. witness, 0, 0, 0, 0];
            byte[] stripped = [2, 0, 0, 0, .. inputs, .. outputs, 0, 0, 0, 0];
            transactions.Add(new TemplateTransaction
            {
                Data = data, TxId = Twice(stripped), WitnessHash = Twice(data), Fee = 10, Weight = 3 * stripped.Length + data.Length,
            });
        }
        byte[] commitment = [.. NaiveRoot([Hash256.Zero, .. transactions.Select(one => one.WitnessHash)]).ToArray(), .. new byte[32]];
        return Read("bitcoin-gbt-h102-empty.json") with
        {
            Transactions = transactions,
            CoinbaseValue = 5_000_045_000,
            WitnessCommitment = (byte[])[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed, .. Twice(commitment).ToArray()],
        };
    }

    private static Hash256 RootOf(Job job, BlockTemplate template) => NaiveRoot(
    [
        Twice(job.Coinbase!.Assemble(s_extranonce1, s_extranonce2, withWitness: false)),
        .. template.Transactions.Select(one => one.TxId),
    ]);

    // As the whitepaper draws it: level by level, by the framework's hash.
    private static Hash256 NaiveRoot(List<Hash256> level)
    {
        while (level.Count > 1)
        {
            if (level.Count % 2 == 1)
                level.Add(level[^1]);
            level = [.. level.Chunk(2).Select(pair => Twice([.. pair[0].ToArray(), .. pair[1].ToArray()]))];
        }
        return level[0];
    }

    private static Hash256 Twice(byte[] data) => new(SHA256.HashData(SHA256.HashData(data)));

    private static (ShareVerdict Verdict, BlockHeader Header) Judge(WorkSource source, Subscription miner, uint bits)
    {
        // At the lowest difficulty every hash is enough.
        var share = new Share
        {
            Subscription = miner,
            Readable = true,
            Authorized = true,
            JobId = System.Text.Encoding.ASCII.GetBytes(source.Current!.Id.Value),
            Extranonce2 = s_extranonce2,
            Time = source.Current.Time,
            VersionBits = bits,
            VersionMask = 0x1fffe000,
            Tip = source.Tip,
            Now = source.Current.Time,
        };
        ShareValidator.Judge(source, share, out var judgement);
        return (judgement.Verdict, BlockHeader.Read(judgement.Header));
    }

    private static BlockTemplate Read(string file) => BlockTemplate.FromJson(Vectors.Json(file));

    private static Job NewJob(BlockTemplate template, string file, JobOptions? options = null)
    {
        var coin = file.StartsWith("litecoin", StringComparison.Ordinal) ? Coin.Litecoin : Coin.Bitcoin;
        return Job.FromTemplate(template, coin, Address.FromPublicKeyHash(new byte[20], coin.GetNetwork("regtest")), options);
    }
}
