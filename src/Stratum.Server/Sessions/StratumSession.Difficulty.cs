using System.Buffers;
using System.Text;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

public sealed partial class StratumSession
{
    // Beyond this factor waiting for the next job would flood the server or leave the miner without shares.
    private const double UrgentFactor = 4;

    // Jobs are remembered by number and age: who works on one for longer than this gets the work anew before urgent
    // jobs of other sessions, one a second, have pushed it out of a memory of 256.
    private static readonly TimeSpan s_maxWorkAge = TimeSpan.FromMinutes(2);

    private HashSet<long>? _transactionsSent;
    private long _jobsSeen;
    private long _workSince;
    private Difficulty _counted;
    private long _since;
    private int _shares;
    private int _urgent;

    /// <summary>
    /// The difficulty of the miner's next job. Setting it takes effect with the next job of all, or, for a change of
    /// more than a factor of four, with a job of its own within a second. It is never above the network's, except on
    /// regtest and simulated chains.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number, or below the algorithm's floor, where every hash is
    /// a share.</exception>
    public Difficulty Difficulty
    {
        get => Outbound.Difficulty;
        set
        {
            if (!double.IsFinite(value.Value) || !(value >= Floor))
                throw new ArgumentOutOfRangeException(nameof(value), value.Value,
                    $"A difficulty is a number of at least {Floor}: below, every hash is a share.");
            ChangeDifficulty(value, IsUrgent(value));
        }
    }

    /// <summary>The difficulty below which the miner does not want to be; null when it said nothing.</summary>
    public Difficulty? MinerMinimum { get; set; }

    /// <summary>Whether the server's <see cref="IDifficultyPolicy"/> leaves this session alone.</summary>
    public bool KeepsDifficulty { get; set; }

    /// <summary>
    /// Sets what the miner asked for, within the limits of the options; its first job of it comes within a second.
    /// </summary>
    public void ApplyWish(Difficulty wish) => ChangeDifficulty(Clamp(wish), urgent: true);

    /// <summary>Whether this session waits for a job of its own, which is then taken note of.</summary>
    internal bool TakeUrgency() => Interlocked.Exchange(ref _urgent, 0) != 0;

    /// <summary>
    /// Bytes went out. With a job of another difficulty counting begins anew: shares before it say nothing of it.
    /// </summary>
    internal void OnSent()
    {
        var ticks = _server.Ticks;
        Volatile.Write(ref _sentAt, ticks);
        if (Outbound.JobsTaken is var jobs && jobs != _jobsSeen)
        {
            _jobsSeen = jobs;
            Volatile.Write(ref _workSince, ticks);
        }
        if (_server.Options.DifficultyPolicy is null || Outbound.DifficultySent is var sent && sent == _counted)
            return;
        _counted = sent;
        _shares = 0;
        Volatile.Write(ref _since, ticks);
    }

    /// <summary>Everything of this session that depends on time. Returns whether it needs its work anew.</summary>
    internal bool Tick(long ticks)
    {
        var limits = _server.Options.Limits;
        if (CloseReason is not null)
        {
            // A handler that blocks its thread, or a peer that takes nothing: the end cannot wait for them.
            if (_server.Elapsed(Volatile.Read(ref _closingSince), ticks) > limits.StopTimeout)
                _transport?.Close(abort: true);
            return false;
        }
        if (_transport is { BlockedSince: not 0 and var blocked } && _server.Elapsed(blocked, ticks) > limits.WriteTimeout)
            Close(DisconnectReason.WriteTimeout);
        else if (Volatile.Read(ref _handlingSince) is not 0 and var handling
            && _server.Elapsed(handling, ticks) > limits.HandlerTimeout)
            Close(DisconnectReason.HandlerTimeout);
        else if (!IsAuthorized && _server.Elapsed(_openedAt, ticks) > limits.AuthorizeTimeout)
            Close(DisconnectReason.AuthorizeTimeout);
        else if (_server.Elapsed(Volatile.Read(ref _receivedAt), ticks) > limits.IdleTimeout)
            Close(DisconnectReason.IdleTimeout);
        if (CloseReason is not null || !IsAuthorized)
            return false;
        ApplyPolicy(ticks);
        if (_server.Elapsed(Volatile.Read(ref _sentAt), ticks) < _server.Options.KeepAlive && !IsWorkOld(ticks))
            return false;
        // Counted as sent, or a peer that takes nothing would be given new work every second.
        Volatile.Write(ref _sentAt, ticks);
        Volatile.Write(ref _workSince, ticks);
        return true;
    }

    private bool IsWorkOld(long ticks) =>
        Outbound.JobsTaken > 0 && Work.Current is { Renew: not null }
        && _server.Elapsed(Volatile.Read(ref _workSince), ticks) > s_maxWorkAge;

    private void HandleSuggestDifficulty(ReadOnlySpan<byte> id, ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters)
    {
        if (!SuggestDifficulty.TryRead(method, parameters, out var request, out var error))
        {
            Refuse(id, 20, error ?? "mining.suggest_difficulty could not be read");
            return;
        }
        Run(_server.SuggestDifficultyAsync(this, request.Difficulty), id, 0, static (session, id, _, granted) =>
            session.Grant(id, granted));
    }

    private void HandleSuggestTarget(ReadOnlySpan<byte> id, ReadOnlySpan<byte> parameters)
    {
        if (!SuggestTarget.TryRead(parameters, out var request, out var error))
        {
            Refuse(id, 20, error ?? "mining.suggest_target could not be read");
            return;
        }
        var wish = request.Target.ToDifficulty(Work.Current?.Coin?.DifficultyScale ?? 1);
        Run(_server.SuggestDifficultyAsync(this, wish), id, 0, static (session, id, _, granted) =>
            session.Grant(id, granted));
    }

    // cgminer counts any other answer than true as a refused share.
    private void Grant(ReadOnlySpan<byte> id, Difficulty? granted)
    {
        Answer(id, true);
        if (granted is { } difficulty)
            ChangeDifficulty(difficulty, urgent: true);
    }

    private Difficulty Floor => Difficulty.Floor(Work.Current?.Coin?.DifficultyScale ?? 1);

    internal Difficulty Clamp(Difficulty wish)
    {
        var options = _server.Options;
        var floor = Floor;
        if (options.MinimumDifficulty is { } minimum && minimum > floor)
            floor = minimum;
        if (MinerMinimum is { } own && own > floor)
            floor = own;
        if (wish < floor)
            wish = floor;
        return options.MaximumDifficulty is { } maximum && wish > maximum ? maximum : wish;
    }

    private void CountShare()
    {
        _shares++;
        ApplyPolicy(_server.Ticks);
    }

    private void ApplyPolicy(long ticks)
    {
        if (KeepsDifficulty || _server.Options.DifficultyPolicy is not { } policy || Outbound.DifficultySent is not { Value: > 0 } current)
            return;
        // The last change waits for its job: what is counted now was mined before it.
        if (Volatile.Read(ref _urgent) != 0)
            return;
        var sample = new DifficultySample(current, _server.Elapsed(Volatile.Read(ref _since), ticks), _shares,
            Clamp(new Difficulty(double.Epsilon)), UserAgent);
        try
        {
            // A value that is cut to the network's when it is sent would look like a change each time it is asked for.
            if (policy.Next(sample) is { Value: > 0 } wanted && AtMostNetwork(Clamp(wanted)) is var next)
                ChangeDifficulty(next, IsUrgent(next));
        }
        catch (Exception failure)
        {
            // The share is answered by now, and at the heartbeat the other sessions wait for their turn.
            _server.OnHandlerFailed(this, failure);
        }
    }

    private Difficulty AtMostNetwork(Difficulty difficulty) =>
        Work.Current is { Coin: not null, DifficultyMayExceedNetwork: false } job && job.NetworkDifficulty is var network && network < difficulty
            ? network : difficulty;

    private bool IsUrgent(Difficulty next)
    {
        var ratio = next.Value / Math.Max(Outbound.DifficultySent.Value, double.Epsilon);
        return ratio is >= UrgentFactor or <= 1 / UrgentFactor;
    }

    private void ChangeDifficulty(Difficulty difficulty, bool urgent)
    {
        if (Outbound.Difficulty == difficulty)
            return;
        Outbound.Difficulty = difficulty;
        if (urgent && IsAuthorized)
            Volatile.Write(ref _urgent, 1);
    }

    private void HandleGetTransactions(ReadOnlySpan<byte> id, ReadOnlySpan<byte> parameters)
    {
        if (id.IsEmpty)
            return;
        Job? job = null;
        if (_server.Options.AnswerTransactions && GetTransactionsRequest.TryRead(parameters, out var request, out _))
            job = Work.Find(Encoding.UTF8.GetBytes(request.JobId));
        if (job?.Template is not { } template || !(_transactionsSent ??= []).Add(job.Sequence))
        {
            Answer(id, "[]"u8);
            return;
        }
        _transactionsSent.RemoveWhere(sequence => sequence < Work.Recent[^1].Sequence);
        var answer = new ArrayBufferWriter<byte>();
        new GetTransactionsResult([.. template.Transactions.Select(transaction => transaction.Data)]).Write(answer, id);
        Outbound.Line(answer.WrittenSpan);
    }
}
