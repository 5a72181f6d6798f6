using System.Buffers;
using System.Runtime.CompilerServices;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

/// <summary>
/// All that waits to be sent to one session: answers in their order, and one slot for a job with what must go
/// before it. Under the session's only lock: answers come from where bytes arrive, jobs from a broadcast, and a
/// driver takes both.
/// </summary>
internal sealed class Outbound(int maxBytes, OutputBudget? budget = null)
{
    /// <summary>
    /// The answers that one take hands to the transport at most: what waits behind them can still be replaced by a
    /// newer job. A take of fewer bytes left nothing.
    /// </summary>
    public const int TakeSize = 64 * 1024;

    // Also the lock: an object less for each session.
    private readonly ReplyBuffer _replies = new(budget);
    private EncodedJob? _slot;
    private Subscription? _subscription;
    private Difficulty _difficulty;
    private Difficulty _difficultySent;
    private StrongBox<Hash256>? _tipSent;
    private long _newestSequence;
    private StrongBox<SetExtranonce>? _newExtranonce;
    private uint? _mask;
    private uint _maskSent;
    private bool _open;
    private long _jobsTaken;
    private bool _closed;

    /// <summary>Whether so much waits that the session must not be read.</summary>
    public bool IsFull => _replies.Length >= maxBytes
        || (_replies.Length > OutputBudget.AlwaysAllowed && budget is { IsSpent: true });

    /// <summary>Whether what nobody asked for has piled up too: not reading does not help against that.</summary>
    public bool IsOverflowing => _replies.Length >= 4L * maxBytes;

    /// <summary>The difficulty that the next job will carry, unless it has its own or the network's is lower.</summary>
    public Difficulty Difficulty
    {
        get
        {
            lock (_replies)
                return _difficulty;
        }
        set
        {
            lock (_replies)
                _difficulty = value;
        }
    }

    /// <summary>The difficulty of the job that was sent last; 0 before the first.</summary>
    public Difficulty DifficultySent
    {
        get
        {
            lock (_replies)
                return _difficultySent;
        }
    }

    /// <summary>How many jobs were taken.</summary>
    public long JobsTaken => Volatile.Read(ref _jobsTaken);

    /// <summary>Whether jobs are sent: from the first successful authorize answer on.</summary>
    public bool IsOpen => Volatile.Read(ref _open); // the heartbeat asks every session; it only ever becomes true

    public void Result(ReadOnlySpan<byte> id, bool value)
    {
        lock (_replies)
            if (!_closed)
                MessageWriter.WriteResult(_replies, id, value);
    }

    public void RawResult(ReadOnlySpan<byte> id, ReadOnlySpan<byte> json)
    {
        lock (_replies)
            if (!_closed)
                MessageWriter.WriteRawResult(_replies, id, json);
    }

    public void Error(ReadOnlySpan<byte> id, int code, string text, ReadOnlySpan<byte> data)
    {
        lock (_replies)
            if (!_closed)
                MessageWriter.WriteError(_replies, id, code, text, data);
    }

    public void Notification(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters)
    {
        lock (_replies)
            if (!_closed)
                MessageWriter.WriteNotification(_replies, method, parameters);
    }

    /// <summary>Queues the answer to a request.</summary>
    public void Answer<T>(ReadOnlySpan<byte> id, T answer, Action<T, IBufferWriter<byte>, ReadOnlySpan<byte>> write)
    {
        lock (_replies)
            if (!_closed)
                write(answer, _replies, id);
    }

    /// <summary>Queues a notification.</summary>
    public void Message<T>(T message, Action<T, IBufferWriter<byte>> write)
    {
        lock (_replies)
            if (!_closed)
                write(message, _replies);
    }

    /// <summary>Queues bytes as they are; a missing line feed is added.</summary>
    public void Line(ReadOnlySpan<byte> line)
    {
        lock (_replies)
        {
            if (_closed)
                return;
            _replies.Write(line);
            if (line is not [.., (byte)'\n'])
                _replies.Write("\n"u8);
        }
    }

    /// <summary>
    /// Opens the way for jobs, behind the authorize answer that was just queued. Only then the current job is asked
    /// for: one that is broadcast meanwhile is not missed, and this one does not come after it.
    /// </summary>
    public void Open<T>(Subscription subscription, T state, Func<T, EncodedJob?> current)
    {
        lock (_replies)
        {
            _subscription = subscription;
            _open = true;
        }
        if (current(state) is { } job)
            SetJob(job);
    }

    /// <summary>
    /// Puts a job into the slot, where it replaces one that was not sent. One that is not newer than the newest this
    /// session was given is passed over, sent or not. False when jobs are not sent yet.
    /// </summary>
    public bool SetJob(EncodedJob job)
    {
        lock (_replies)
        {
            if (!_open || _closed)
                return false;
            if (job.Job.Sequence <= _newestSequence)
                return true;
            _newestSequence = job.Job.Sequence;
            _slot = Merge(_slot, job);
            return true;
        }
    }

    /// <summary>Notes the mask that configure answered; later changes are told.</summary>
    public void SetMask(uint mask, bool answered)
    {
        lock (_replies)
        {
            _mask = mask;
            if (answered)
                _maskSent = mask;
        }
    }

    /// <summary>Another extranonce1 from the next job on.</summary>
    public void SetExtranonce(in Extranonce extranonce1, int extranonce2Size)
    {
        lock (_replies)
        {
            _newExtranonce = new(new SetExtranonce(extranonce1, extranonce2Size));
        }
    }

    /// <summary>
    /// Moves what waits to a writer; false when there is nothing. What a job carried is recorded here.
    /// </summary>
    public bool Take(IBufferWriter<byte> destination)
    {
        lock (_replies)
        {
            if (_replies.Length > 0)
            {
                _replies.MoveTo(destination, TakeSize);
                if (_replies.Length > 0)
                    return true;
                TakeJob(destination);
                return true;
            }
            return TakeJob(destination);
        }
    }

    public void Close()
    {
        lock (_replies)
        {
            _closed = true;
            _slot = null;
            _replies.Release();
        }
    }

    // A clean job that was never sent must not be forgotten: what replaces it takes over its flag.
    private static EncodedJob Merge(EncodedJob? waiting, EncodedJob job)
    {
        return waiting is { IsClean: true } ? job.AsClean() : job;
    }

    private bool TakeJob(IBufferWriter<byte> destination)
    {
        if (!_open || _slot is not { } slot)
            return false;
        _slot = null;
        // Also when the job that said so went to others, or to nobody: this session's work is of another block.
        var clean = _tipSent is null || _tipSent.Value != slot.Tip.Value;
        if (_newExtranonce is { } extranonce)
        {
            extranonce.Value.Write(destination);
            _subscription!.ChangeExtranonce1(extranonce.Value.Extranonce1);
            _newExtranonce = null;
            clean = true;
        }
        if (_mask is { } mask && mask != _maskSent)
        {
            new SetVersionMask(mask).Write(destination);
            _maskSent = mask;
        }

        var difficulty = slot.Job.Difficulty ?? _difficulty;
        if (!slot.Job.DifficultyMayExceedNetwork && slot.Job.Coin is not null && slot.NetworkDifficulty < difficulty)
            difficulty = slot.NetworkDifficulty;
        if (difficulty != _difficultySent)
        {
            new SetDifficulty(difficulty).Write(destination);
            _difficultySent = difficulty;
        }
        _subscription!.RecordSent(slot.Job, difficulty);
        destination.Write(slot.Bytes(clean));
        Volatile.Write(ref _jobsTaken, _jobsTaken + 1);
        _tipSent = slot.Tip;
        return true;
    }
}
