using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>Template to job and job to block.</summary>
internal static class JobFactory
{
    // Two jobs of one template must differ in their coinbase bytes. The start is random so that two processes that
    // mine the same template for the same address do not hand out the same work.
    private static uint s_salt = (uint)Random.Shared.Next();

    public static Job Create(BlockTemplate template, Coin coin, Address payTo, JobOptions options, uint time)
    {
        var txids = new Hash256[template.Transactions.Count];
        for (var i = 0; i < txids.Length; i++)
            txids[i] = template.Transactions[i].TxId;
        return Create(template, coin, payTo, options, time, Mining.MerkleBranch.ForCoinbase(txids));
    }

    // The same work anew has the same branch: thousands of hashes that need not be made again.
    private static Job Create(BlockTemplate template, Coin coin, Address payTo, JobOptions options, uint time, Hash256[] branch)
    {
        var coinbase = BuildCoinbase(template, coin, payTo, options);

        // Bits that the chain reads are not for rolling, whatever the mask: they stay as the template has them.
        var mask = (options.VersionMask ?? coin.VersionMask)
            & ~(template.VersionBitsRequired | template.VersionBitsAvailable);
        return new Job
        {
            Coin = coin,
            Height = template.Height,
            PreviousBlock = template.PreviousBlock,
            Coinbase1 = coinbase.Part1,
            Coinbase2 = coinbase.Part2,
            Coinbase = coinbase,
            ExtranonceSize = options.ExtranonceSize,
            MerkleBranch = branch,
            Version = template.Version & ~mask,
            VersionMask = mask,
            Bits = template.Bits,
            Time = Math.Max(time, template.MinTime),
            MinTime = template.MinTime,
            DifficultyMayExceedNetwork = options.DifficultyMayExceedNetwork,
            Template = template,
            Renew = now => Create(template, coin, payTo, options, Math.Max(template.CurTime, now), branch),
        };
    }

    public static Coinbase BuildCoinbase(BlockTemplate template, Coin coin, Address payTo, JobOptions options)
    {
        var salt = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(salt, Interlocked.Increment(ref s_salt));
#pragma warning disable STRATUM001 // the coin's own coinbase builder, when it has one
        return coin.CoinbaseBuilder(new CoinbaseRequest
        {
            Height = template.Height,
            Aux = template.CoinbaseAux,
            Salt = salt,
            Tag = options.Tag,
            ExtranonceSize = options.ExtranonceSize,
            Outputs = RewardSplit.Split(template.CoinbaseValue, payTo, options.Outputs),
            WitnessCommitment = template.WitnessCommitment,
        });
#pragma warning restore STRATUM001
    }

    public static byte[] AssembleBlock(Job job, ReadOnlySpan<byte> header, ReadOnlySpan<byte> coinbase)
    {
#pragma warning disable STRATUM001 // the coin's own block layout, when it has one
        return job.Coin!.BlockSerializer(header, coinbase, job.Template!);
#pragma warning restore STRATUM001
    }
}
