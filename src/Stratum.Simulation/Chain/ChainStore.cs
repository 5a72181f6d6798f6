using System.Numerics;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The tree of blocks: those of the chain by height, and all, lost races too, by hash.</summary>
internal sealed class ChainStore
{
    private const int InvalidRemembered = 1000;
    private const int BranchesRemembered = 1000;

    private readonly List<ChainEntry> _chain = [];
    private readonly Dictionary<Hash256, ChainEntry> _byHash = [];
    private readonly HashSet<ChainEntry> _branches = [];
    private readonly HashSet<Hash256> _invalid = [];
    private readonly int _keep;
    private long _added;

    public ChainStore(SimulatedBlock first, int keep)
    {
        _keep = Math.Max(1, keep);
        Extend(Add(first, null, Hash256.Zero));
        Tip.Transactions = [];
    }

    public ChainEntry First => _chain[0];

    public ChainEntry Tip => _chain[^1];

    /// <summary>Blocks that are off the chain.</summary>
    public IReadOnlyCollection<ChainEntry> Branches => _branches;

    public ChainEntry? Find(in Hash256 hash) => _byHash.GetValueOrDefault(hash);

    public ChainEntry? Find(long height) =>
        height < First.Block.Height || height > Tip.Block.Height ? null : _chain[(int)(height - First.Block.Height)];

    public bool IsOnChain(SimulatedBlock block) =>
        Find(block.Height) is { } there && there.Block.Hash.Equals(block.Hash);

    public bool IsInvalid(in Hash256 hash) => _invalid.Contains(hash) || Find(hash) is { Refused: true };

    public void AddInvalid(in Hash256 hash)
    {
        if (_invalid.Count == InvalidRemembered)
        {
            _invalid.Clear();
        }

        _invalid.Add(hash);
    }

    /// <summary>Takes a block in, off the chain for now.</summary>
    public ChainEntry Add(SimulatedBlock block, ChainEntry? parent, Hash256 hogEx)
    {
        var entry = new ChainEntry(block, parent, _added++) { HogEx = hogEx };
        _byHash[block.Hash] = entry;
        _branches.Add(entry);
        if (_branches.Count > BranchesRemembered)
        {
            Remove(_branches.MinBy(e => e.Order)!);
        }

        return entry;
    }

    /// <summary>Forgets a block that is off the chain.</summary>
    public void Remove(ChainEntry entry)
    {
        _branches.Remove(entry);
        _byHash.Remove(entry.Block.Hash);
    }

    /// <summary>Makes a child of the tip the tip.</summary>
    public void Extend(ChainEntry entry)
    {
        _chain.Add(entry);
        _byHash[entry.Block.Hash] = entry;
        _branches.Remove(entry);
        if (_chain.Count > _keep)
        {
            var old = _chain[_chain.Count - 1 - _keep];
            old.Block = old.Block with { Bytes = default };
            old.Transactions = [];
        }
    }

    /// <summary>Makes the tip's parent the tip; what was the tip stays known.</summary>
    public ChainEntry Retreat()
    {
        var old = Tip;
        _chain.RemoveAt(_chain.Count - 1);
        _branches.Add(old);
        return old;
    }

    /// <summary>
    /// The end of a branch that is longer than the chain, or as long and here before it; null: the chain is the
    /// best. Length stands for work, because the difficulty here follows the clock and differs among blocks of one
    /// height.
    /// </summary>
    public ChainEntry? Best()
    {
        var best = Tip;
        foreach (var entry in _branches)
        {
            long lead = entry.Block.Height - best.Block.Height;
            if ((lead > 0 || (lead == 0 && entry.Order < best.Order)) && IsSound(entry))
            {
                best = entry;
            }
        }

        return best == Tip ? null : best;
    }

    /// <summary>Neither it nor a block below it was refused.</summary>
    public bool IsSound(ChainEntry entry)
    {
        for (var at = entry; at is not null && !IsOnChain(at.Block); at = at.Parent)
        {
            if (at.Refused)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The median of the times of up to 11 blocks that end with this one.</summary>
    public static uint MedianTime(ChainEntry entry)
    {
        var times = new List<uint>(11);
        for (var at = entry; at is not null && times.Count < 11; at = at.Parent)
        {
            times.Add(at.Block.Header.Time);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    public static BigInteger WorkOf(CompactTarget bits)
    {
        Span<byte> target = stackalloc byte[32];
        bits.ToTarget().WriteBigEndian(target);
        return BigInteger.Pow(2, 256) / (new BigInteger(target, isUnsigned: true, isBigEndian: true) + 1);
    }
}
