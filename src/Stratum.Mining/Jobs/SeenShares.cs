using System.Numerics;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>
/// The headers of one previous block that met their target: 8 bytes of header hash each, in shards so that many sessions
/// rarely wait for each other. Two different headers have the same 8 bytes once in 4 million million shares when the set is as
/// full as it gets. The arrays grow with the shares, and are kept for another block.
/// </summary>
internal sealed class SeenShares
{
    private const int ShardCount = 16;
    private readonly Shard[] _shards = new Shard[ShardCount];

    public SeenShares(int maxEntries)
    {
        for (var i = 0; i < ShardCount; i++)
            _shards[i] = new Shard(maxEntries / ShardCount);
    }

    public event Action<SeenSharesTrimmed>? Trimmed;

    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>Entries that there is room for without growing.</summary>
    public int Room => _shards.Sum(shard => shard.Room);

    /// <summary>Adds a header hash; false when it was there.</summary>
    /// <param name="headerHash">sha256d of the header (the block id).</param>
    /// <param name="job">Sequence of the share's job.</param>
    /// <param name="oldestLiveJob">Entries of jobs before this one go first when the set is full.</param>
    public bool TryAdd(in Hash256 headerHash, long job, long oldestLiveJob)
    {
        Span<byte> bytes = stackalloc byte[32];
        headerHash.CopyTo(bytes);
        // The low end: the high end is zeros in a hash that met its target.
        var key = MemoryMarshal.Read<ulong>(bytes);
        if (key == 0)
            key = 1;
        var added = _shards[(int)(key % ShardCount)].TryAdd(key, (uint)job, (uint)oldestLiveJob, out var trimmed);
        if (trimmed.Forgotten > 0)
            Trimmed?.Invoke(trimmed);
        return added;
    }

    public void Clear()
    {
        foreach (var shard in _shards)
            shard.Clear();
    }

    // Jobs by the low half of their sequence, compared by distance.
    private sealed class Shard(int maxEntries)
    {
        private const int FirstCapacity = 64;
        private readonly Lock _gate = new();
        private ulong[] _keys = [];
        private uint[] _jobs = [];
        private bool _cleared;

        public int Count { get; private set; }

        public int Room => _keys.Length / 4 * 3;

        public bool TryAdd(ulong key, uint job, uint oldestLiveJob, out SeenSharesTrimmed trimmed)
        {
            trimmed = default;
            lock (_gate)
            {
                if (_cleared)
                    Array.Clear(_keys);
                _cleared = false;
                if (Count < Math.Min(Room, maxEntries))
                    return Insert(key, job);
                // Looked up before anything is forgotten: it may be what would be.
                if (Count > 0 && _keys[Slot(key)] == key)
                    return false;
                if (Count >= maxEntries)
                    trimmed = Trim(oldestLiveJob);
                else
                    Rebuild(oldestLiveJob, int.MinValue);
                return Insert(key, job);
            }
        }

        // The next share empties the slots: a new block does not wait for that.
        public void Clear()
        {
            lock (_gate)
            {
                // Far too large for what this block needed: the next one starts anew.
                if (Count < _keys.Length / 16)
                    (_keys, _jobs) = ([], []);
                _cleared = true;
                Count = 0;
            }
        }

        private bool Insert(ulong key, uint job)
        {
            var index = Slot(key);
            if (_keys[index] == key)
                return false;
            _keys[index] = key;
            _jobs[index] = job;
            Count++;
            return true;
        }

        // Where the key is, or the free slot where it belongs. The low bits have chosen the shard.
        private int Slot(ulong key)
        {
            var index = (int)(key >> 32) & (_keys.Length - 1);
            while (_keys[index] != 0 && _keys[index] != key)
                index = (index + 1) & (_keys.Length - 1);
            return index;
        }

        // A quarter at least: what can no longer come again, and if that is less, the older half of what can.
        private SeenSharesTrimmed Trim(uint oldestLiveJob)
        {
            var ranks = new List<int>(Count);
            for (var i = 0; i < _keys.Length; i++)
                if (_keys[i] != 0)
                    ranks.Add(Rank(_jobs[i], oldestLiveJob));
            ranks.Sort();
            var dead = CountBefore(0);
            var from = 0;
            if (dead < ranks.Count / 4)
            {
                from = ranks[dead + (ranks.Count - dead) / 2];
                // A job goes as a whole.
                if (CountBefore(from) < ranks.Count / 4)
                    from++;
            }
            Rebuild(oldestLiveJob, from);
            return new SeenSharesTrimmed(ranks.Count - Count, Math.Max(0, ranks.Count - Count - dead));

            int CountBefore(int rank) => ranks.FindIndex(one => one >= rank) is >= 0 and var index ? index : ranks.Count;
        }

        // Keeps what is not older, with room for as many again.
        private void Rebuild(uint oldestLiveJob, int fromRank)
        {
            var (keys, jobs) = (_keys, _jobs);
            var kept = 0;
            for (var i = 0; i < keys.Length; i++)
                if (keys[i] != 0 && Rank(jobs[i], oldestLiveJob) >= fromRank)
                    kept++;
            var capacity = Math.Max(FirstCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)kept / 3 * 8));
            (_keys, _jobs, Count) = (new ulong[capacity], new uint[capacity], 0);
            for (var i = 0; i < keys.Length; i++)
                if (keys[i] != 0 && Rank(jobs[i], oldestLiveJob) >= fromRank)
                    Insert(keys[i], jobs[i]);
        }

        // 0 for the oldest job that still takes shares, below for those that take no more.
        private static int Rank(uint job, uint oldestLiveJob) => (int)(job - oldestLiveJob);
    }
}
