using System.Numerics;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>
/// The headers of one previous block that met their target: 8 bytes of header hash each, in shards so that many sessions
/// rarely wait for each other. Two different headers have the same 8 bytes once in 4 million million shares when the set is as
/// full as it gets. The arrays grow with the shares of jobs that still take shares, and are kept for the next block.
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
    /// <param name="oldestLiveJob">Entries of jobs before this one cannot come again: they go when there is no room.</param>
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
                if (Count >= maxEntries)
                    trimmed = Trim(oldestLiveJob);
                if (Count >= Room)
                    Rebuild(oldestLiveJob);
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

        // First what can no longer come again, which nobody needs to know; then, if that is not a quarter, the older half of
        // what can.
        private SeenSharesTrimmed Trim(uint oldestLiveJob)
        {
            var before = Count;
            Rebuild(oldestLiveJob);
            var live = Count;
            if (live <= maxEntries - maxEntries / 4)
                return default;
            var ages = new List<int>(live);
            for (var i = 0; i < _keys.Length; i++)
                if (_keys[i] != 0)
                    ages.Add((int)(_jobs[i] - oldestLiveJob));
            ages.Sort();
            var middle = ages[ages.Count / 2];
            Rebuild(oldestLiveJob + (uint)(middle == ages[0] ? middle + 1 : middle));
            return new SeenSharesTrimmed(before - Count, live - Count);
        }

        // With room for as many again as are kept.
        private void Rebuild(uint fromJob)
        {
            var (keys, jobs) = (_keys, _jobs);
            var kept = 0;
            for (var i = 0; i < keys.Length; i++)
                if (keys[i] != 0 && (int)(jobs[i] - fromJob) >= 0)
                    kept++;
            var capacity = Math.Max(FirstCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)kept / 3 * 8));
            (_keys, _jobs, Count) = (new ulong[capacity], new uint[capacity], 0);
            for (var i = 0; i < keys.Length; i++)
                if (keys[i] != 0 && (int)(jobs[i] - fromJob) >= 0)
                    Insert(keys[i], jobs[i]);
        }
    }
}
