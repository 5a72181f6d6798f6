namespace Stratum.Mining;

/// <summary>
/// What all miners of one stream of templates share: the extranonce1 space, the sequence of job ids, the version
/// mask, the recent jobs, and the shares and blocks seen. Safe for use from many threads.
/// </summary>
public sealed class WorkSource
{
    // Sets of the current tip and of the one before it: two daemons may disagree about the tip for a moment.
    private const int RememberedTips = 2;

    // More blocks than this within the memory of one process only a regtest sees.
    private const int RememberedBlocks = 4096;

    private readonly Lock _gate = new();
    private readonly WorkSourceOptions _options;
    private readonly ExtranonceSpace _space;
    private readonly HashSet<Hash256> _blocks = [];
    private readonly List<(Hash256 Tip, SeenShares Seen)> _tips = [];
    private readonly uint _firstId = (uint)Random.Shared.Next(0x10000000, int.MaxValue);
    private volatile Job[] _recent = [];
    private long _sequence;

    /// <summary>A source with the given sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its limits.</exception>
    public WorkSource(WorkSourceOptions? options = null)
    {
        _options = options ?? new WorkSourceOptions();
        _options.Validate();
        _space = new ExtranonceSpace(_options.Extranonce1Size);
        VersionMask = _options.VersionMask;
    }

    /// <summary>Bytes of extranonce1.</summary>
    public int Extranonce1Size => _options.Extranonce1Size;

    /// <summary>Bytes of extranonce2.</summary>
    public int Extranonce2Size => _options.Extranonce2Size;

    /// <summary>Version bits that miners may roll: the newest job's, or the option's before the first job.</summary>
    public uint VersionMask { get; private set; }

    /// <summary>The newest job; null before the first.</summary>
    public Job? Current => _recent is [var newest, ..] ? newest : null;

    /// <summary>The previous block that the newest job builds on; zero before the first.</summary>
    public Hash256 Tip => Current?.PreviousBlock ?? Hash256.Zero;

    /// <summary>The recent jobs, newest first.</summary>
    public IReadOnlyList<Job> Recent => _recent;

    /// <summary>
    /// The set of seen shares was full and forgot some: raise <see cref="WorkSourceOptions.MaxSeenShares"/>.
    /// </summary>
    public event Action<SeenSharesTrimmed>? SeenSharesTrimmed;

    /// <summary>
    /// An extranonce1 that no other session of this source has. Give it back with <see cref="Release"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public Extranonce LeaseExtranonce1() => _space.Lease();

    /// <summary>Gives back an extranonce1; it is not handed out again before all others were.</summary>
    public void Release(in Extranonce extranonce1) => _space.Release(extranonce1);

    /// <summary>
    /// Makes a job the current one: gives it its id and its place, and marks it clean when its previous block is new.
    /// </summary>
    /// <param name="job">A job that was not published before.</param>
    /// <param name="now">Seconds since 1970; jobs that were replaced longer than
    /// <see cref="WorkSourceOptions.MaxJobAge"/> ago are forgotten.</param>
    /// <exception cref="ArgumentException">The job was built for another extranonce size, or its id is in
    /// use.</exception>
    public void Publish(Job job, long now)
    {
        ArgumentNullException.ThrowIfNull(job);
        var size = _options.Extranonce1Size + _options.Extranonce2Size;
        if (job.ExtranonceSize != 0 && job.ExtranonceSize != size)
            throw new ArgumentException(
                $"The job's coinbase was built for {job.ExtranonceSize} bytes of extranonce, this source hands out "
                + $"{_options.Extranonce1Size} + {_options.Extranonce2Size}: set {nameof(JobOptions)}."
                + $"{nameof(JobOptions.ExtranonceSize)} to {size}.", nameof(job));

        lock (_gate)
        {
            if (job.Source is not null)
                throw new ArgumentException($"Job {job.Id} was published before; make a new one with Renew.", nameof(job));
            var old = _recent;
            if (job.Id.Value is null)
                job.Id = new JobId(((_firstId + (ulong)_sequence) & uint.MaxValue).ToString("x8"));
            else if (Find(old, job.Id) is not null)
                throw new ArgumentException($"Another recent job has the id {job.Id}.", nameof(job));

            if (old.Length == 0 || old[0].PreviousBlock != job.PreviousBlock)
                job.Clean = true;
            job.Source = this;
            var (seen, isNewTip) = SeenOf(job.PreviousBlock);
            job.Seen = seen;
            job.PublishedAt = now;
            job.Sequence = ++_sequence;
            VersionMask = job.Coin is null ? VersionMask : job.VersionMask;

            var keep = Math.Min(old.Length, _options.MaxJobs - 1);
            // Its age counts from the job that replaced it: until then miners were right to work on it.
            while (keep > 1 && now - old[keep - 2].PublishedAt > _options.MaxJobAge.TotalSeconds)
                keep--;
            // What is known of a tip that was forgotten and comes back is nothing: its old jobs take no more shares.
            _recent = [job, .. old.Take(keep).Where(one => !isNewTip || one.PreviousBlock != job.PreviousBlock)];
        }
    }

    /// <summary>Finds a recent job by the bytes of its id. Allocates nothing.</summary>
    public Job? Find(ReadOnlySpan<byte> jobId)
    {
        foreach (var job in _recent)
            if (job.Id.Matches(jobId))
                return job;
        return null;
    }

    /// <summary>Whether this block was not reported before; true once per block id.</summary>
    public bool TryAddBlock(in Hash256 blockId)
    {
        lock (_gate)
        {
            if (_blocks.Count >= RememberedBlocks)
                _blocks.Clear();
            return _blocks.Add(blockId);
        }
    }

    /// <summary>Whether a header was not counted before; true once per header and previous block.</summary>
    internal bool TryAddShare(Job job, in Hash256 headerHash) =>
        job.Seen!.TryAdd(headerHash, job.Sequence, _recent[^1].Sequence);

    private static Job? Find(Job[] jobs, JobId id)
    {
        foreach (var job in jobs)
            if (job.Id == id)
                return job;
        return null;
    }

    // The set of a tip, and whether it is a new one. The tip worked on last is the last to be forgotten, also when it came back.
    private (SeenShares Seen, bool IsNew) SeenOf(in Hash256 tip)
    {
        for (var i = 0; i < _tips.Count; i++)
        {
            if (_tips[i].Tip != tip)
                continue;
            var known = _tips[i];
            _tips.RemoveAt(i);
            _tips.Add(known);
            return (known.Seen, false);
        }
        SeenShares seen;
        if (_tips.Count < RememberedTips)
        {
            seen = new SeenShares(_options.MaxSeenShares);
            seen.Trimmed += trimmed => SeenSharesTrimmed?.Invoke(trimmed);
        }
        else
        {
            seen = _tips[0].Seen;
            _tips.RemoveAt(0);
            seen.Clear();
        }
        _tips.Add((tip, seen));
        return (seen, true);
    }
}
