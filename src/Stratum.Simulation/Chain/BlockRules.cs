using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// What a node checks, in its order and its words; null means that nothing is wrong. The words are those of
/// bitcoind and litecoind 0.21.
/// </summary>
internal sealed class BlockRules(
    Coin coin, long subsidy, bool witness, long? mwebHeight, ReadOnlyMemory<byte>? signetChallenge)
{
    /// <summary>The longest that a clock may be ahead, 2 hours.</summary>
    private const long FutureLimit = 7200;

    // What a miner may add to the earliest possible time even on a chain whose times ran that far ahead.
    private const long RollingSpace = 600;

    /// <summary>BIP 141.</summary>
    public const int MaximumWeight = 4_000_000;

    // A signet block's solution is a push in the commitment's script that begins so (BIP 325).
    private static ReadOnlySpan<byte> SignetMark => [0xec, 0xc7, 0xda, 0xa2];

    private const byte AlwaysTrue = 0x51;

    // regtest's limit: bits that are easier than this are no proof of work at all.
    private static readonly Target Easiest = new CompactTarget(0x207fffff).ToTarget();

    /// <summary>What the block shows by itself.</summary>
    public string? CheckAlone(DecodedBlock block, bool proofOfWork)
    {
        if (proofOfWork && !HasProofOfWork(block))
        {
            return "high-hash";
        }

        if (block.Transactions.Count == 0)
        {
            return "bad-blk-length";
        }

        if (proofOfWork && !IsSigned(block))
        {
            return "bad-signet-blksig";
        }

        var ids = block.Transactions.Select(t => t.TxId).ToArray();
        if (!MerkleBranch.RootOf(ids).Equals(block.Header.MerkleRoot))
        {
            return "bad-txnmrklroot";
        }

        if (ids.Distinct().Count() != ids.Length)
        {
            return "bad-txns-duplicate";
        }

        if (!block.Coinbase.IsCoinbase)
        {
            return "bad-cb-missing";
        }

        if (block.Transactions.Skip(1).Any(t => t.IsCoinbase))
        {
            return "bad-cb-multiple";
        }

        return block.Coinbase.Inputs[0].Script.Length is < 2 or > 100 ? "bad-cb-length" : CheckOutputs(block);
    }

    /// <summary>What the header must be, above the tip that it names.</summary>
    /// <param name="header">The block's.</param>
    /// <param name="medianTime">The median of the last 11 blocks' times, Unix seconds.</param>
    /// <param name="now">
    /// Unix seconds. Where a chain makes many blocks a second its times run ahead of the clock by a second for every
    /// six blocks; what it cannot avoid is not held against a block.
    /// </param>
    public static string? CheckHeader(BlockHeader header, uint medianTime, long now)
    {
        if (header.Time <= medianTime)
        {
            return "time-too-old";
        }

        if (header.Time > Math.Max(now + FutureLimit, medianTime + RollingSpace))
        {
            return "time-too-new";
        }

        // Versions below 4 predate BIP 34, 66 and 65, which hold here from the first block; the number is signed.
        return (int)header.Version < 4 ? $"bad-version(0x{header.Version:x8})" : null;
    }

    /// <summary>What depends on the height: BIP 34, the witness commitment (BIP 141) and MWEB.</summary>
    public string? CheckAtHeight(DecodedBlock block, ChainEntry previous)
    {
        long height = previous.Block.Height + 1;
        if (!block.Coinbase.Inputs[0].Script.Span.StartsWith(CoinbaseBuilder.Bip34Height(height)))
        {
            return "bad-cb-height";
        }

        return CheckWitness(block)
            ?? PretendMweb.Check(block, height, HasMweb(height), NextHogExSpends(previous))
            ?? (Weight(block) > MaximumWeight ? "bad-blk-weight" : null);
    }

    /// <summary>Whether blocks of that height have an extension block.</summary>
    public bool HasMweb(long height) => height >= mwebHeight;

    /// <summary>What the HogEx above a block has to spend.</summary>
    public static Hash256 NextHogExSpends(ChainEntry previous) =>
        previous.HogEx.Equals(Hash256.Zero) ? PretendMweb.PegIn : previous.HogEx;

    /// <summary>The rule is broken by bytes that the block's hash does not fix.</summary>
    public static bool IsMutation(string rule) =>
        rule.Contains("witness", StringComparison.Ordinal) || rule.Contains("mweb", StringComparison.Ordinal)
        || rule.Contains("hogex", StringComparison.Ordinal);

    /// <summary>What depends on the coins: known transactions in a possible order, and no money from nowhere.</summary>
    /// <param name="block">A child of the tip.</param>
    /// <param name="book">The transactions that exist.</param>
    /// <param name="coins">What is confirmed and spent up to the tip.</param>
    /// <param name="found">Receives the block's transactions.</param>
    public string? CheckCoins(
        DecodedBlock block, TransactionBook book, CoinState coins, List<PretendTransaction> found)
    {
        var seen = new HashSet<Hash256>();
        var spent = new HashSet<(Hash256, uint)>();
        foreach (var transaction in block.Transactions.Skip(1).Where(t => !t.IsHogEx))
        {
            if (book.Find(transaction.TxId) is not { } pretend
                || coins.IsConfirmed(transaction.TxId)
                || coins.IsSpent(pretend.SpentTransaction, pretend.SpentOutput)
                || !spent.Add((pretend.SpentTransaction, pretend.SpentOutput))
                || (!seen.Contains(pretend.SpentTransaction) && !coins.IsConfirmed(pretend.SpentTransaction)
                    && book.Find(pretend.SpentTransaction) is not null))
            {
                return "bad-txns-inputs-missingorspent";
            }

            if (!transaction.WitnessHash.Equals(pretend.Template.WitnessHash))
            {
                return "mandatory-script-verify-flag-failed (Witness program was passed an empty witness)";
            }

            seen.Add(transaction.TxId);
            found.Add(pretend);
        }

        long allowed = subsidy + found.Sum(t => t.Template.Fee);
        return block.Coinbase.OutputSum > allowed ? "bad-cb-amount" : null;
    }

    /// <summary>Signatures are not checked; a block without any is noticed.</summary>
    private bool IsSigned(DecodedBlock block) =>
        signetChallenge is not { } challenge || challenge.Span is [AlwaysTrue]
        || (block.Coinbase.Outputs.Count > 0 && block.Commitment.Span.IndexOf(SignetMark) >= 0);

    private bool HasProofOfWork(DecodedBlock block)
    {
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        Span<byte> hash = stackalloc byte[32];
        block.Header.Write(header);
        coin.ProofOfWork(header, hash);
        var target = block.Header.Bits.ToTarget();
        return target.CompareTo(Easiest) <= 0 && target.IsMetBy(new Hash256(hash));
    }

    private static string? CheckOutputs(DecodedBlock block)
    {
        foreach (var transaction in block.Transactions)
        {
            if (transaction.Outputs.Count == 0)
            {
                return "bad-txns-vout-empty";
            }

            if (transaction.Outputs.Any(o => o.Value < 0))
            {
                return "bad-txns-vout-negative";
            }
        }

        return Weight(block) > MaximumWeight ? "bad-blk-length" : null;
    }

    private string? CheckWitness(DecodedBlock block)
    {
        var commitment = witness ? block.Commitment : default;
        if (commitment.IsEmpty)
        {
            return block.Transactions.Any(t => t.HasWitness) ? "unexpected-witness" : null;
        }

        if (block.Coinbase.Inputs[0].Witness is not [{ Length: 32 } reserved])
        {
            return "bad-witness-nonce-size";
        }

        return commitment.Span[6..38].SequenceEqual(
            WitnessCommitment.Hash(block.Transactions.Skip(1).Select(t => t.WitnessHash), reserved.Span))
            ? null : "bad-witness-merkle-match";
    }

    private static long Weight(DecodedBlock block) =>
        4L * (BlockHeader.Size + 3) + block.Transactions.Sum(t => t.Weight);
}
