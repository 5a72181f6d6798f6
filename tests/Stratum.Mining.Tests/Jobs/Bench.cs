using System.Buffers.Binary;

namespace Stratum.Mining.Tests;

/// <summary>A work source with one miner, and shares that are solved on the spot.</summary>
internal sealed class Bench
{
    public const uint Now = 1_800_000_000;
    public static readonly Difficulty Easy = new(1e-8);
    private static readonly Hash256 s_tip = Hash256.Parse("00000000000000022246451e9af7ac4f8bff2527d223f6e623740e92171592f2");

    // An easy block target is regtest's; a hard one is out of reach.
    private const uint HardBits = 0x1d00ffff;
    private const uint EasyBits = 0x207fffff;

    public Bench(bool easyBlock = false, WorkSourceOptions? options = null)
    {
        Source = new WorkSource(options);
        Miner = new Subscription(Source.LeaseExtranonce1());
        Job = Publish(s_tip, easyBlock);
        Miner.RecordSent(Job, Easy);
    }

    public WorkSource Source { get; }

    public Subscription Miner { get; }

    public Job Job { get; }

    public Job Publish(Hash256? previous = null, bool easyBlock = false, byte salt = 0, uint version = 0x20000000, uint mask = 0x1fffe000)
    {
        var job = new Job
        {
            Coin = Coin.Bitcoin,
            PreviousBlock = previous ?? s_tip,
            Coinbase1 = new byte[] { 1, 2, 3, salt },
            Coinbase2 = new byte[] { 4, 5, 6 },
            MerkleBranch = new[] { s_tip },
            Version = version,
            VersionMask = mask,
            Bits = new CompactTarget(easyBlock ? EasyBits : HardBits),
            Time = Now,
            MinTime = Now - 100,
        };
        Source.Publish(job, Now);
        return job;
    }

    public ShareJudgement Judge(Attempt attempt)
    {
        var share = new Share
        {
            Subscription = attempt.Subscribed ? attempt.Miner ?? Miner : null,
            Readable = attempt.Readable,
            JobId = System.Text.Encoding.ASCII.GetBytes(attempt.JobId ?? attempt.Job?.Id.Value ?? Job.Id.Value),
            Extranonce2 = attempt.Extranonce2 ?? Extranonce.FromUInt64(attempt.Counter, 8),
            Time = attempt.Time,
            Nonce = attempt.Nonce,
            VersionBits = attempt.Bits,
            VersionMask = attempt.Mask,
            Authorized = attempt.Authorized,
            Tip = attempt.Tip ?? Source.Tip,
            Now = attempt.Now,
        };
        ShareValidator.Judge(Source, share, out var judgement);
        return judgement;
    }

    /// <summary>Counts extranonce2 up until the share's own hash, computed here, is between two difficulties.</summary>
    public Attempt Solve(Attempt attempt, Difficulty atLeast, Difficulty? below = null)
    {
        for (ulong counter = attempt.Counter; ; counter++)
        {
            var next = attempt with { Counter = counter };
            var reached = Difficulty.OfHash(Hash(next));
            if (reached.Value >= atLeast.Value && (below is not { } limit || reached.Value < limit.Value))
                return next;
        }
    }

    // Written again on purpose, from the reference and not from the source: coinbase, root, header.
    private Hash256 Hash(Attempt attempt)
    {
        var job = attempt.Job ?? Job;
        var extranonce1 = new byte[4];
        (attempt.Miner ?? Miner).Extranonce1.CopyTo(extranonce1);
        var extranonce2 = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(extranonce2, attempt.Counter);
        var root = Twice([.. job.Coinbase1.Span, .. extranonce1, .. extranonce2, .. job.Coinbase2.Span]);
        foreach (var sibling in job.MerkleBranch.Span)
            root = Twice([.. root, .. sibling.ToArray()]);
        var version = (job.Version & ~attempt.Mask) | (attempt.Bits & attempt.Mask);
        return new Hash256(Twice(
        [
            .. BitConverter.GetBytes(version), .. job.PreviousBlock.ToArray(), .. root, .. BitConverter.GetBytes(attempt.Time),
            .. BitConverter.GetBytes(job.Bits.Bits), .. BitConverter.GetBytes(attempt.Nonce),
        ]));
    }

    private static byte[] Twice(byte[] data) =>
        System.Security.Cryptography.SHA256.HashData(System.Security.Cryptography.SHA256.HashData(data));
}

/// <summary>A share as a miner would send it; the defaults are an honest one.</summary>
internal sealed record Attempt
{
    public bool Readable { get; init; } = true;

    public bool Subscribed { get; init; } = true;

    public bool Authorized { get; init; } = true;

    public Subscription? Miner { get; init; }

    public Job? Job { get; init; }

    public string? JobId { get; init; }

    public ulong Counter { get; init; }

    public Extranonce? Extranonce2 { get; init; }

    public uint Time { get; init; } = Bench.Now;

    public uint Nonce { get; init; }

    public uint Bits { get; init; }

    public uint Mask { get; init; } = 0x1fffe000;

    public Hash256? Tip { get; init; }

    public long Now { get; init; } = Bench.Now;
}
