using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>Work of the size of Bitcoin's: a full block's branch, a coinbase with a commitment.</summary>
internal static class Samples
{
    public static readonly byte[] SubmitLine =
        """{"id":4711,"method":"mining.submit","params":["account.worker","1eedb23e","0000000000000001","64b3f3ec","ed460d91","00002000"]}"""u8
            .ToArray();

    /// <summary>A job whose block target is Bitcoin's easiest, so that no share is a block.</summary>
    public static Stratum.Mining.Job NewJob()
    {
        var random = new Random(1);
        var transactions = new TemplateTransaction[4000]; // 12 siblings
        for (var i = 0; i < transactions.Length; i++)
            transactions[i] = new TemplateTransaction
            {
                Data = new byte[] { 1 },
                TxId = NewHash(random),
                WitnessHash = NewHash(random),
                Fee = 1,
                Weight = 400,
                Sigops = 1,
            };
        var template = new BlockTemplate
        {
            Version = 0x20000000,
            PreviousBlock = NewHash(random),
            Transactions = transactions,
            CoinbaseValue = 3_125_000_000,
            Bits = new CompactTarget(0x1d00ffff),
            CurTime = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            Height = 900_000,
            WitnessCommitment = (byte[])[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed, .. new byte[32]],
        };
        var payTo = Address.FromPublicKeyHash(new byte[20], Coin.Bitcoin.GetNetwork("mainnet"));
        return Stratum.Mining.Job.FromTemplate(template, Coin.Bitcoin, payTo);
    }

    public static Hash256 NewHash(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return new Hash256(bytes);
    }
}
