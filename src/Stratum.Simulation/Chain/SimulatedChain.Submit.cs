using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Blocks that come in.</summary>
public sealed partial class SimulatedChain
{
    /// <summary>Validates a block and, if it is good, makes it the tip.</summary>
    /// <param name="block">Header, count, transactions. A coinbase without its witness gets it, as by a node.</param>
    /// <returns>
    /// Null when the block is the new tip; else the node's word: <c>inconclusive</c> (good as far as can be seen, but
    /// another one of that height was first), <c>duplicate</c>, or the rule that it breaks: <c>high-hash</c>,
    /// <c>bad-cb-amount</c>, <c>prev-blk-not-found</c>...
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
            if (_store.Find(decoded.Hash) is { } known)
            {
                return _store.IsOnChain(known) ? "duplicate" : "duplicate-inconclusive";
            }

            if (_store.IsInvalid(decoded.Hash))
            {
                return "duplicate-invalid";
            }

            return !decoded.Header.PreviousBlock.Equals(_store.Tip.Hash) ? "inconclusive-not-best-prevblk"
                : CheckHeader(decoded, _store.Tip) ?? _rules.CheckAlone(decoded, proofOfWork: false)
                ?? _rules.CheckAtHeight(decoded, _store.Tip.Height + 1) ?? _rules.CheckCoins(decoded, _mempool, []);
        }
    }

    /// <param name="block">The bytes.</param>
    /// <param name="proofOfWork">False: take it without.</param>
    /// <param name="mined">False: made by command, and no measure of any miner.</param>
    internal string? Submit(ReadOnlyMemory<byte> block, bool proofOfWork, bool mined)
    {
        // Owned bytes: the caller may use its buffer again.
        var decoded = BlockDecoder.Decode(block.ToArray(), Coin);
        SimulatedBlock connected;
        lock (_gate)
        {
            Advance();
            if (Judge(ref decoded, proofOfWork, out var previous, out var transactions) is { } reason)
            {
                return reason;
            }

            connected = Describe(decoded, previous!.Height + 1);
            _store.Append(connected);
            _mempool.Confirm(transactions);
            SetBits(mined ? _pace.Found(_time.GetElapsedTime(_tipSince) / Options.BlockTime) : _pace.Waiting(0));
            BeginTip();
            Wind();
        }

        BlockConnected?.Invoke(connected);
        TemplateChanged?.Invoke();
        return null;
    }

    private string? Judge(
        ref DecodedBlock block, bool proofOfWork, out SimulatedBlock? previous, out List<PretendTransaction> found)
    {
        found = [];
        previous = _store.Find(block.Header.PreviousBlock);
        if (_store.Find(block.Hash) is not null)
        {
            return "duplicate";
        }

        if (_store.IsInvalid(block.Hash))
        {
            return "duplicate-invalid";
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
            return "prev-blk-not-found";
        }

        // A branch above a lost race is not followed; its blocks are good for nothing here.
        if (!_store.IsOnChain(previous))
        {
            return "inconclusive";
        }

        if (CheckHeader(block, previous) is { } header)
        {
            return header;
        }

        if (_rules.CheckAtHeight(block, previous.Height + 1) is { } rule)
        {
            // Other bytes may have the same hash and a right witness: such a block is not condemned by its hash.
            return rule.Contains("witness", StringComparison.Ordinal) ? rule : Condemn(block, rule);
        }

        if (!previous.Hash.Equals(_store.Tip.Hash))
        {
            _store.AddStale(Describe(block, previous.Height + 1));
            return "inconclusive";
        }

        return _rules.CheckCoins(block, _mempool, found) is { } coins ? Condemn(block, coins) : null;
    }

    private string Condemn(DecodedBlock block, string rule)
    {
        _store.AddInvalid(block.Hash);
        return rule;
    }

    private string? CheckHeader(DecodedBlock block, SimulatedBlock previous) => BlockRules.CheckHeader(
        block.Header, _store.BitsAbove(previous.Hash), _store.MedianTime(previous),
        _time.GetUtcNow().ToUnixTimeSeconds());

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
