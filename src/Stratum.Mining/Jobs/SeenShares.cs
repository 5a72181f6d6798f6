using System.Buffers;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>
/// The headers of one previous block that met their target: 16 bytes of header hash each, in shards so that
/// many sessions rarely wait for each other, in pooled arrays that grow with the shares.
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

    /// <summary>Adds a header hash; false when it was there.</summary>
    /// <param name="headerHash">sha256d of the header (the block id).</param>
    /// <param name="job">Sequence of the share's job.</param>
    /// <param name="oldestLiveJob">Entries of jobs before this one go first when there is no room.</param>
    public bool TryAdd(in Hash256 headerHash, long job, long oldestLiveJob)
    {
        Span<byte> bytes = stackalloc byte[32];
        headerHash.CopyTo(bytes);
        // The low half: the high half is zeros in a hash that met its target.
        var key = MemoryMarshal.Read<UInt128>(bytes);
        if (key == 0)
            key = 1;
        var added = _shards[(int)((ulong)key % ShardCount)].TryAdd(key, job, oldestLiveJob, out var trimmed);
        if (trimmed.Forgotten > 0)
            Trimmed?.Invoke(trimmed);
        return added;
    }

    public void Clear()
    {
        foreach (var shard in _shards)
            shard.Clear();
    }

    private sealed class Shard(int maxEntries)
    {
        private const int FirstCapacity = 64;
        private readonly Lock _gate = new();
        private UInt128[] _keys = [];
        private long[] _jobs = [];
        private int _capacity;

        public int Count { get; private set; }

        public bool TryAdd(UInt128 key, long job, long oldestLiveJob, out SeenSharesTrimmed trimmed)
        {
            trimmed = default;
            lock (_gate)
            {
                if (Count >= _capacity / 2)
                {
                    if (Count >= maxEntries)
                        trimmed = Trim(oldestLiveJob);
                    else
                        Rebuild(Math.Max(FirstCapacity, _capacity * 2), long.MinValue);
                }
                return Insert(key, job);
            }
        }

        public void Clear()
        {
            lock (_gate)
            {
                Return();
                _capacity = 0;
                Count = 0;
            }
        }

        private bool Insert(UInt128 key, long job)
        {
            var index = (int)((ulong)(key >> 64) & (ulong)(_capacity - 1));
            while (_keys[index] != 0)
            {
                if (_keys[index] == key)
                    return false;
                index = (index + 1) & (_capacity - 1);
            }
            _keys[index] = key;
            _jobs[index] = job;
            Count++;
            return true;
        }

        // First what can no longer come again, then, if that is not a quarter, the older half of what can.
        private SeenSharesTrimmed Trim(long oldestLiveJob)
        {
            var before = Count;
            Rebuild(_capacity, oldestLiveJob);
            var live = Count;
            if (live > maxEntries - maxEntries / 4)
            {
                var jobs = new List<long>(live);
                for (var i = 0; i < _capacity; i++)
                    if (_keys[i] != 0)
                        jobs.Add(_jobs[i]);
                jobs.Sort();
                var middle = jobs[jobs.Count / 2];
                Rebuild(_capacity, middle == jobs[0] ? middle + 1 : middle);
            }
            return new SeenSharesTrimmed(before - Count, live - Count);
        }

        private void Rebuild(int capacity, long fromJob)
        {
            var (keys, jobs, old) = (_keys, _jobs, _capacity);
            _keys = ArrayPool<UInt128>.Shared.Rent(capacity);
            _jobs = ArrayPool<long>.Shared.Rent(capacity);
            Array.Clear(_keys, 0, capacity);
            _capacity = capacity;
            Count = 0;
            for (var i = 0; i < old; i++)
                if (keys[i] != 0 && jobs[i] >= fromJob)
                    Insert(keys[i], jobs[i]);
            Return(keys, jobs);
        }

        private void Return()
        {
            Return(_keys, _jobs);
            _keys = [];
            _jobs = [];
        }

        private static void Return(UInt128[] keys, long[] jobs)
        {
            if (keys.Length > 0)
                ArrayPool<UInt128>.Shared.Return(keys);
            if (jobs.Length > 0)
                ArrayPool<long>.Shared.Return(jobs);
        }
    }
}
