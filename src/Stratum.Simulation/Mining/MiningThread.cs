using System.Diagnostics;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// One thread that hashes. It rolls extranonce2 in a range of its own and never uses a value twice while the range
/// lasts, whatever the pool sends again: that, and not a list of what was done, keeps duplicates away.
/// </summary>
internal sealed class MiningThread
{
    // Long enough to cost nothing, short enough that a clean job is followed at once.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    private readonly CpuMiner _miner;
    private readonly NonceScanner _scanner;
    private readonly int _index;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _counter;
    private uint _slice;

    public MiningThread(CpuMiner miner, int index)
    {
        _miner = miner;
        _index = index;
        _scanner = NonceScanner.Create(miner.Options.Algorithm);
        _slice = miner.Options.Algorithm == "scrypt" ? 32u : 16384u;
    }

    /// <summary>Ends with the thread.</summary>
#pragma warning disable VSTHRD003 // our own thread's end
    public Task Ended => _ended.Task;
#pragma warning restore VSTHRD003

    public void Start() =>
        new Thread(Run)
        {
            IsBackground = true,
            Priority = ThreadPriority.BelowNormal, // the pool's answers first, on a machine that does both
            Name = $"CpuMiner {_index}",
        }.Start();

    /// <summary>
    /// How many extranonce2 values each thread has; at least one, unless there are more threads than values.
    /// </summary>
    internal static ulong RangeOf(int extranonce2Size, int threads)
    {
        ulong values = extranonce2Size >= 8 ? ulong.MaxValue : 1ul << (8 * extranonce2Size);
        return values / (ulong)threads;
    }

    private void Run()
    {
        try
        {
            MiningWork? last = null;
            while (_miner.WaitForWork(last) is { } work)
            {
                Mine(work);
                last = work;
            }
        }
        catch (Exception error)
        {
            _miner.Broke(error);
        }

        _ended.TrySetResult();
    }

    /// <summary>Until there is other work, or this is used up.</summary>
    private void Mine(MiningWork work)
    {
        int size = work.Job.Extranonce2Size;
        ulong range = RangeOf(size, _miner.Options.Threads);
        for (ulong used = 0; used < range && _miner.IsCurrent(work); used++)
        {
            ulong value = ((ulong)_index * range) + (_counter++ % range);
            var extranonce2 = Extranonce.FromUInt64(value, size);
            Scan(work, extranonce2, work.Job.BuildHeader(extranonce2, work.Job.Time));
        }
    }

    private void Scan(MiningWork work, Extranonce extranonce2, byte[] header)
    {
        ulong start = 0;
        while (start <= uint.MaxValue && _miner.IsCurrent(work))
        {
            uint count = (uint)Math.Min(_slice, uint.MaxValue - start + 1);
            long began = Stopwatch.GetTimestamp();
            bool found = _scanner.TryScan(header, (uint)start, count, work.Target, out uint nonce, out uint scanned);
            _miner.AddHashes(scanned);
            if (found)
            {
                _miner.Found(work, extranonce2, nonce, header);
                start = (ulong)nonce + 1;
            }
            else
            {
                start += count;
                Adapt(Stopwatch.GetElapsedTime(began));
            }
        }
    }

    private void Adapt(TimeSpan took)
    {
        if (took < Slice / 2 && _slice < 1u << 24)
            _slice *= 2;
        else if (took > Slice * 2 && _slice > 8)
            _slice /= 2;
    }
}
