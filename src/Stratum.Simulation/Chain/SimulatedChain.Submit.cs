using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Blocks that come in.</summary>
public sealed partial class SimulatedChain
{
    /// <summary>Validates a block and, if it ends the longest branch, makes it the tip.</summary>
    /// <param name="block">Header, count, transactions. A coinbase without its witness gets it, as by a node.</param>
    /// <returns>
    /// Null when the block is the new tip; else the node's word: <c>inconclusive</c> (good as far as can be seen, but
    /// not above the tip: it becomes part of the chain when a child makes its branch the longest),
    /// <c>duplicate</c>, or the rule that it breaks: <c>high-hash</c>, <c>bad-cb-amount</c>,
    /// <c>prev-blk-not-found</c>...
    /// </returns>
    /// <exception cref="FormatException">The bytes are no block; a daemon answers error -22.</exception>
    public string? SubmitBlock(ReadOnlyMemory<byte> block) => Submit(block, proofOfWork: true, mined: true);

    /// <summary>What <see cref="SubmitBlock"/> would say of a block above the tip, its proof of work aside.</summary>
    /// <returns>Null, a rule, or <c>inconclusive-not-best-prevblk</c> for a block of another tip.</returns>
    /// <exception cref="FormatException">The bytes are no block.</exception>
    public string? ProposeBlock(ReadOnlyMemory<byte> block)
    {
        var decoded = BlockDecoder.Decode(block, Coin);
        lock (_gate)
        {
            Advance();
            if (_store.IsInvalid(decoded.Hash))
            {
                return "duplicate-invalid";
            }

            if (_store.Find(decoded.Hash) is { } known)
            {
                return _store.IsOnChain(known.Block) ? "duplicate" : "duplicate-inconclusive";
            }

            var tip = _store.Tip;
            return !decoded.Header.PreviousBlock.Equals(tip.Block.Hash) ? "inconclusive-not-best-prevblk"
                : CheckHeader(decoded, tip) ?? _rules.CheckAlone(decoded, proofOfWork: false)
                ?? _rules.CheckAtHeight(decoded, tip) ?? _rules.CheckCoins(decoded, _group.Transactions, _coins, []);
        }
    }

    /// <param name="block">The bytes.</param>
    /// <param name="proofOfWork">False: take it without.</param>
    /// <param name="mined">False: made by command, and no measure of any miner.</param>
    internal string? Submit(ReadOnlyMemory<byte> block, bool proofOfWork, bool mined)
    {
        // Owned bytes: the caller may use its buffer again.
        var decoded = BlockDecoder.Decode(block.ToArray(), Coin);
        ChainChange change;
        string? verdict;
        lock (_gate)
        {
            Advance();
            if (Judge(ref decoded, proofOfWork) is { } reason)
            {
                return reason;
            }

            var previous = _store.Find(decoded.Header.PreviousBlock)!;
            var entry = _store.Add(
                Describe(decoded, previous.Block.Height + 1), previous, decoded.HogEx?.TxId ?? previous.HogEx);
            entry.Decoded = decoded;
            change = Activate(mined);
            entry.Decoded = null;
            verdict = change.Refused.TryGetValue(decoded.Hash, out var rule) ? rule
                : _store.IsOnChain(entry.Block) ? null : "inconclusive";
        }

        Tell(change, mined);
        return verdict;
    }

    /// <summary>All but the coins, which are looked at when the block is to become part of the chain.</summary>
    private string? Judge(ref DecodedBlock block, bool proofOfWork)
    {
        var previous = _store.Find(block.Header.PreviousBlock);
        if (_store.IsInvalid(block.Hash))
        {
            return "duplicate-invalid";
        }

        if (_store.Find(block.Hash) is not null)
        {
            return "duplicate";
        }

        if (previous is not null && block.Transactions.Count > 0)
        {
            block = block.WithReservedValue();
        }

        if (_rules.CheckAlone(block, proofOfWork) is { } alone)
        {
            return alone;
        }

        if (previous is null)
        {
            return _store.IsInvalid(block.Header.PreviousBlock) ? "bad-prevblk" : "prev-blk-not-found";
        }

        if (!_store.IsSound(previous))
        {
            return "bad-prevblk";
        }

        if (CheckHeader(block, previous) is { } header)
        {
            return header;
        }

        if (_rules.CheckAtHeight(block, previous) is { } rule)
        {
            // Other bytes may have the same hash and be right: such a block is not condemned by its hash.
            if (!BlockRules.IsMutation(rule))
            {
                _store.AddInvalid(block.Hash);
            }

            return rule;
        }

        return null;
    }

    private string? CheckHeader(DecodedBlock block, ChainEntry previous) =>
        !_group.Bits.Allows(previous.Block, block.Header.Bits, _bits) ? "bad-diffbits"
            : BlockRules.CheckHeader(
                block.Header, ChainStore.MedianTime(previous), _time.GetUtcNow().ToUnixTimeSeconds());

    private SimulatedBlock Describe(DecodedBlock block, long height) => new()
    {
        Hash = block.Hash,
        Height = height,
        Header = block.Header,
        Bytes = block.Bytes,
        TransactionCount = block.Transactions.Count,
        Reward = (long)Math.Min(block.Coinbase.OutputSum, long.MaxValue),
        ReceivedAt = _time.GetUtcNow(),
    };
}
