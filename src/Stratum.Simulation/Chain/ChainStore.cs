using System.Numerics;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The blocks: those of the chain by height, and all, lost races too, by hash.</summary>
internal sealed class ChainStore
{
    // Miners of a block that was replaced this many blocks ago have noticed.
    private const int TipsWithBits = 32;
    private const int InvalidRemembered = 1000;
    private const int StaleRemembered = 1000;

    private readonly List<SimulatedBlock> _chain = [];
    private readonly Dictionary<Hash256, SimulatedBlock> _byHash = [];
    private readonly Dictionary<Hash256, HashSet<uint>> _bits = [];
    private readonly Queue<Hash256> _tips = [];
    private readonly HashSet<Hash256> _invalid = [];
    private readonly Queue<Hash256> _stale = [];
    private readonly int _keep;

    public ChainStore(SimulatedBlock first, int keep)
    {
        _keep = Math.Max(1, keep);
        Append(first);
    }

    public SimulatedBlock Tip => _chain[^1];

    public long FirstHeight => _chain[0].Height;

    /// <summary>Expected hashes of the whole chain.</summary>
    public BigInteger Work { get; private set; }

    public SimulatedBlock? Find(in Hash256 hash) => _byHash.GetValueOrDefault(hash);

    public SimulatedBlock? Find(long height) =>
        height < FirstHeight || height > Tip.Height ? null : _chain[(int)(height - FirstHeight)];

    public bool IsOnChain(SimulatedBlock block) => Find(block.Height) is { } there && there.Hash.Equals(block.Hash);

    public bool IsInvalid(in Hash256 hash) => _invalid.Contains(hash);

    public void AddInvalid(in Hash256 hash)
    {
        if (_invalid.Count == InvalidRemembered)
        {
            _invalid.Clear();
        }

        _invalid.Add(hash);
    }

    public void Append(SimulatedBlock block)
    {
        _chain.Add(block);
        _byHash[block.Hash] = block;
        Work += WorkOf(block.Header.Bits);
        _tips.Enqueue(block.Hash);
        _bits[block.Hash] = [];
        if (_tips.Count > TipsWithBits)
        {
            _bits.Remove(_tips.Dequeue());
        }

        if (_chain.Count > _keep)
        {
            int index = _chain.Count - 1 - _keep;
            _byHash[_chain[index].Hash] = _chain[index] = _chain[index] with { Bytes = default };
        }
    }

    /// <summary>A block that lost its race: known, and off the chain.</summary>
    public void AddStale(SimulatedBlock block)
    {
        _byHash[block.Hash] = block;
        _stale.Enqueue(block.Hash);
        if (_stale.Count > StaleRemembered)
        {
            _byHash.Remove(_stale.Dequeue());
        }
    }

    /// <summary>Notes that templates above the tip carry these bits.</summary>
    public void AddBits(CompactTarget bits) => _bits[Tip.Hash].Add(bits.Bits);

    /// <summary>What templates above this block carried; empty when that is long ago.</summary>
    public IReadOnlySet<uint> BitsAbove(in Hash256 previous) =>
        _bits.TryGetValue(previous, out var bits) ? bits : new HashSet<uint>();

    /// <summary>The median of the times of up to 11 blocks that end with this one of the chain.</summary>
    public uint MedianTime(SimulatedBlock block)
    {
        int end = (int)(block.Height - FirstHeight) + 1;
        int count = Math.Min(11, end);
        var times = _chain.GetRange(end - count, count).ConvertAll(b => b.Header.Time);
        times.Sort();
        return times[count / 2];
    }

    public static BigInteger WorkOf(CompactTarget bits)
    {
        Span<byte> target = stackalloc byte[32];
        bits.ToTarget().WriteBigEndian(target);
        return BigInteger.Pow(2, 256) / (new BigInteger(target, isUnsigned: true, isBigEndian: true) + 1);
    }
}
