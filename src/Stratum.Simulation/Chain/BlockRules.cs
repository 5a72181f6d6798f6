using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// What a node checks, in its order and its words; null means that nothing is wrong. The words are those of
/// bitcoind and litecoind 0.21.
/// </summary>
internal sealed class BlockRules(Coin coin, long subsidy, bool witness)
{
    /// <summary>The longest that a clock may be ahead, 2 hours.</summary>
    private const long FutureLimit = 7200;

    // What a miner may add to the earliest possible time even on a chain whose times ran that far ahead.
    private const long RollingSpace = 600;

    private const int MaximumWeight = 4_000_000;

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
    /// <param name="bits">All that templates above the same block carried: miners stay on old ones for a while.</param>
    /// <param name="medianTime">The median of the last 11 blocks' times, Unix seconds.</param>
    /// <param name="now">
    /// Unix seconds. Where a chain makes many blocks a second its times run ahead of the clock by a second for every
    /// six blocks; what it cannot avoid is not held against a block.
    /// </param>
    public static string? CheckHeader(BlockHeader header, IReadOnlySet<uint> bits, uint medianTime, long now)
    {
        if (!bits.Contains(header.Bits.Bits))
        {
            return "bad-diffbits";
        }

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

    /// <summary>What depends on the height: BIP 34 and the witness commitment (BIP 141).</summary>
    public string? CheckAtHeight(DecodedBlock block, long height)
    {
        if (!block.Coinbase.Inputs[0].Script.Span.StartsWith(CoinbaseBuilder.Bip34Height(height)))
        {
            return "bad-cb-height";
        }

        return CheckWitness(block) ?? (Weight(block) > MaximumWeight ? "bad-blk-weight" : null);
    }

    /// <summary>What depends on the coins: known transactions in a possible order, and no money from nowhere.</summary>
    public string? CheckCoins(DecodedBlock block, Mempool mempool, List<PretendTransaction> found)
    {
        var seen = new HashSet<Hash256>();
        var spent = new HashSet<(Hash256, uint)>();
        foreach (var transaction in block.Transactions.Skip(1))
        {
            bool known = mempool.TryGet(transaction.TxId, out var pretend);
            bool parentLater = known && mempool.TryGet(pretend!.SpentTransaction, out _)
                && !seen.Contains(pretend.SpentTransaction);
            if (!known || parentLater || !spent.Add((pretend!.SpentTransaction, pretend.SpentOutput)))
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
        4L * (BlockHeader.Size + 3) + block.Transactions.Sum(t => 3L * t.Stripped.Length + t.Data.Length);
}
