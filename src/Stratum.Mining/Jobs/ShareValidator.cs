using System.Buffers;

namespace Stratum.Mining;

/// <summary>
/// Judges a share. The order of the checks is a promise: a header that meets its block's target is reported as a
/// block before any rule about shares can refuse it. Allocates nothing for what is not a block.
/// </summary>
public static class ShareValidator
{
    /// <summary>
    /// How far a share's time may lie ahead: below the chain's own 7200 s, so that no node refuses the block.
    /// </summary>
    public const int MaxTimeAhead = 7000;

    private const int MaxCoinbaseOnStack = 2048;

    /// <summary>Judges one share against the jobs of one source.</summary>
    public static void Judge(WorkSource source, scoped in Share share, out ShareJudgement judgement)
    {
        judgement = default;
        judgement.Verdict = Check(source, share, ref judgement);
    }

    private static ShareVerdict Check(WorkSource source, scoped in Share share, ref ShareJudgement judgement)
    {
        if (!share.Readable)
            return ShareVerdict.Malformed;
        if (share.Subscription is not { } subscription)
            return ShareVerdict.NotSubscribed;
        if (share.Extranonce2.Length != source.Extranonce2Size)
            return ShareVerdict.Malformed;
        if (source.Find(share.JobId) is not { } job || !subscription.TryGetTerms(job, out var sent, out var newest))
            return ShareVerdict.JobNotFound;
        judgement.Job = job;
        if (job.Coin is not { } coin)
            return share.Authorized ? ShareVerdict.Unjudged : ShareVerdict.Unauthorized;

        var root = MerkleRoot(job, coin, sent.Extranonce1, share.Extranonce2);
        // The miner's mask may be another job's; what this job does not let roll stays as the template has it.
        var mask = share.VersionMask & job.VersionMask;
        var bits = share.VersionBits & mask;
        var version = (job.Version & ~mask) | bits;
        var proof = Hash(job, coin, version, root, share, judgement.Header);
        judgement.ProofOfWork = proof;
        judgement.Extranonce1 = sent.Extranonce1;
        judgement.ShareDifficulty = Difficulty.OfHash(proof, coin.DifficultyScale);
        if (job.BlockTarget.IsMetBy(proof))
            ReportBlock(source, coin, ref judgement);
        else if (share.VersionBits != bits)
            TestUnmaskedBlock(source, job, coin, root, share, ref judgement);

        if (!share.Authorized)
            return ShareVerdict.Unauthorized;
        if (share.VersionBits != bits)
            return ShareVerdict.BadVersionBits;
        if (share.Time < job.MinTime || share.Time > Math.Max(share.Now, job.Time) + MaxTimeAhead)
            return ShareVerdict.BadTime;
        if (job.PreviousBlock != share.Tip)
            return ShareVerdict.Stale;

        var credit = sent.Difficulty;
        if (!sent.Target.IsMetBy(proof))
        {
            // The difficulty fell and this older job's share meets only the new one: honest work, paid elsewhere.
            if (!newest.Target.IsMetBy(proof))
                return ShareVerdict.LowDifficulty;
            credit = default;
        }
        if (judgement.BlockId == Hash256.Zero)
            judgement.BlockId = BlockId(coin, ref judgement);
        if (!source.TryAddShare(job, judgement.BlockId))
            return ShareVerdict.Duplicate;
        judgement.Credit = credit;
        return ShareVerdict.Accepted;
    }

    private static Hash256 MerkleRoot(Job job, Coin coin, in Extranonce extranonce1, in Extranonce extranonce2)
    {
        var length = job.Coinbase1.Length + extranonce1.Length + extranonce2.Length + job.Coinbase2.Length;
        var pooled = length > MaxCoinbaseOnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var coinbase = pooled is null ? stackalloc byte[length] : pooled.AsSpan(0, length);
        job.Coinbase1.Span.CopyTo(coinbase);
        var rest = coinbase[job.Coinbase1.Length..];
        extranonce1.CopyTo(rest);
        rest = rest[extranonce1.Length..];
        extranonce2.CopyTo(rest);
        job.Coinbase2.Span.CopyTo(rest[extranonce2.Length..]);

        Span<byte> hash = stackalloc byte[32];
        coin.CoinbaseHash(coinbase, hash);
        if (pooled is not null)
            ArrayPool<byte>.Shared.Return(pooled);
        return MerkleBranch.Root(new Hash256(hash), job.MerkleBranch.Span);
    }

    private static Hash256 Hash(Job job, Coin coin, uint version, in Hash256 root, scoped in Share share, Span<byte> header)
    {
        new BlockHeader(version, job.PreviousBlock, root, share.Time, job.Bits, share.Nonce).Write(header);
        Span<byte> hash = stackalloc byte[32];
        coin.ProofOfWork(header, hash);
        return new Hash256(hash);
    }

    private static Hash256 BlockId(Coin coin, ref ShareJudgement judgement)
    {
        // Bitcoin's are the same hash.
        if (coin.BlockId == coin.ProofOfWork)
            return judgement.ProofOfWork;
        Span<byte> hash = stackalloc byte[32];
        coin.BlockId(judgement.Header, hash);
        return new Hash256(hash);
    }

    private static void ReportBlock(WorkSource source, Coin coin, ref ShareJudgement judgement)
    {
        judgement.BlockId = BlockId(coin, ref judgement);
        judgement.IsBlock = source.TryAddBlock(judgement.BlockId);
    }

    // Bits outside the mask are refused as a share, but a miner that ORs them in may have found a valid block.
    private static void TestUnmaskedBlock(WorkSource source, Job job, Coin coin, in Hash256 root, scoped in Share share,
        ref ShareJudgement judgement)
    {
        var other = default(ShareJudgement);
        var proof = Hash(job, coin, job.Version | share.VersionBits, root, share, other.Header);
        if (!job.BlockTarget.IsMetBy(proof))
            return;
        other.Job = job;
        other.ProofOfWork = proof;
        other.Extranonce1 = judgement.Extranonce1;
        other.ShareDifficulty = Difficulty.OfHash(proof, coin.DifficultyScale);
        ReportBlock(source, coin, ref other);
        judgement = other;
    }
}
