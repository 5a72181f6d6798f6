using System.Buffers.Binary;
using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Simulation;

public sealed partial class CpuMiner
{
    private readonly object _gate = new(); // threads wait on it
    private volatile MiningWork? _work;
    private volatile int _generation;
    private bool _stopped;

    /// <summary>Other work than the last; waits for it. Null when the miner ends.</summary>
    internal MiningWork? WaitForWork(MiningWork? last)
    {
        lock (_gate)
        {
            while (!_stopped && (_work is null || _work == last))
                Monitor.Wait(_gate);
            return _stopped ? null : _work;
        }
    }

    internal bool IsCurrent(MiningWork work) => _work == work;

    /// <summary>Hands a share in; waits when too many are unanswered.</summary>
    internal void Found(MiningWork work, Extranonce extranonce2, uint nonce, byte[] header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
        Span<byte> bytes = stackalloc byte[32];
        _hash(header, bytes);
        var hash = new Hash256(bytes);
        try
        {
            _inFlight.Wait(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (_client is { } client && work.Generation == _generation)
        {
            var share = new MinedShare(work.Job, extranonce2, nonce, hash, Difficulty.OfHash(hash, _scale));
            ShareFound?.Invoke(this, share);
            _ = SubmitAsync(client, share);
        }
        else
        {
            _inFlight.Release(); // found a moment too late
        }
    }

    private void SetWork(ClientJob? job)
    {
        lock (_gate)
        {
            if (job is null or { Clean: true })
                _generation++;
            if (job is not null && _firstJobAt == 0)
                _firstJobAt = Options.Client.TimeProvider.GetTimestamp();
            _work = job is null ? null : new MiningWork(job, _scale, _generation);
            Monitor.PulseAll(_gate);
        }
    }

    private void StopThreads()
    {
        lock (_gate)
        {
            _stopped = true;
            _work = null;
            Monitor.PulseAll(_gate);
        }

        _stop.Cancel();
    }

    private async Task SubmitAsync(StratumClient client, MinedShare share)
    {
        try
        {
            // Counted before anyone hears of it, and without the finder's thread.
            var result = await client.SubmitAsync(share.Job, share.Extranonce2, share.Job.Time, share.Nonce).ConfigureAwait(false);
            long accepted = Count(result);
            ShareAnswered?.Invoke(this, new MinedShareAnswer(share, result));
            if (result.IsAccepted && accepted >= Options.Shares)
                End(CpuMinerEndReason.SharesReached, $"{accepted} shares were accepted");
        }
        catch (Exception error) when (error is IOException or TimeoutException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _unanswered);
        }
        catch (Exception error)
        {
            Broke(error); // an event's handler
        }
        finally
        {
            _inFlight.Release();
        }
    }
}
