using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>A block that is not safe yet: what the daemons said of it, and what that makes of it.</summary>
/// <param name="entry">As the journal has it, or should; in memory, since a disk may fail.</param>
internal sealed class KeptBlock(JournalBlock entry)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CoinDaemon, SubmitAnswer> _answers = [];
    private BlockState _state;
    private int _confirmations;
    private bool _closed;
    private bool _known;
    private string? _reason;
    private CoinDaemon? _speaker;

    public JournalBlock Entry => entry;

    public Hash256 Hash => entry.Hash;

    public long Height => entry.Height;

    /// <summary>Ends when the journal has it, or is known not to get it in time.</summary>
    public Task Written { get; set; } = Task.CompletedTask;

    /// <summary>Ends when all that is known of it was told.</summary>
    public Task Told { get; set; } = Task.CompletedTask;

    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return !_closed;
        }
    }

    public BlockState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    public PoolBlock Describe()
    {
        lock (_gate)
            return new PoolBlock(Height, Hash, new WorkerName(entry.Worker), _state, _confirmations, _speaker?.Name, _reason);
    }

    /// <summary>Takes what is known from an earlier life.</summary>
    public KeptBlock As(JournalEntry known)
    {
        (_state, _confirmations, _reason) = (known.State, known.Confirmations, known.Reason);
        _known = known.State != BlockState.Found;
        return this;
    }

    /// <summary>True once: nothing definite was told of it before.</summary>
    public bool IsFirstWord()
    {
        lock (_gate)
            return !_known && (_known = true);
    }

    /// <summary>A daemon has answered. True: that changed what is known of the block.</summary>
    /// <param name="daemon">Who.</param>
    /// <param name="answer">What.</param>
    /// <param name="daemons">All that may still answer.</param>
    public bool Answer(CoinDaemon daemon, in SubmitAnswer answer, IReadOnlyList<CoinDaemon> daemons)
    {
        lock (_gate)
        {
            _answers[daemon] = answer;
            if (_closed)
                return false;
            // What the chain says counts for more than what one daemon says to a block that it has already.
            if (answer.Verdict == SubmitVerdict.Accepted)
                return (_state is BlockState.Found or BlockState.Refused || (_state == BlockState.LostRace && _confirmations == 0))
                    && Become(BlockState.Accepted, daemon, null);
            if (answer.Verdict == SubmitVerdict.LostRace)
                return _state is BlockState.Found or BlockState.Refused && Become(BlockState.LostRace, daemon, answer.Word);
            if (answer.Verdict != SubmitVerdict.Refused || _state is not (BlockState.Found or BlockState.Refused))
                return false;
            // Open while another daemon has not said its word: it may know better.
            _closed = daemons.All(each => each.Status.State == DaemonState.WrongChain
                || (_answers.TryGetValue(each, out var said) && said.Verdict == SubmitVerdict.Refused));
            return Become(BlockState.Refused, daemon, answer.Word) || _closed;
        }
    }

    /// <summary>The chain has been looked at.</summary>
    /// <param name="daemon">Whose chain.</param>
    /// <param name="confirmations">1 and more, or -1: beside the best chain.</param>
    /// <param name="buried">How deep the block, or the one in its place, lies.</param>
    /// <param name="depth">How deep is deep enough.</param>
    public BlockNews Look(CoinDaemon daemon, int confirmations, long buried, int depth)
    {
        lock (_gate)
        {
            if (_closed || (_confirmations == confirmations && buried < depth))
                return BlockNews.None;
            _confirmations = confirmations;
            _closed = buried >= depth;
            var news = confirmations > 0 ? Become(_closed ? BlockState.Deep : BlockState.Accepted, daemon, null)
                : _state is BlockState.Accepted or BlockState.Orphaned
                    ? Become(BlockState.Orphaned, daemon, "not in the best chain any more")
                : Become(BlockState.LostRace, daemon, _state == BlockState.LostRace ? _reason : "inconclusive");
            return news ? BlockNews.State : BlockNews.Depth;
        }
    }

    /// <summary>What a daemon said last; null while its first answer is awaited.</summary>
    public SubmitVerdict? VerdictOf(CoinDaemon daemon)
    {
        lock (_gate)
            return _answers.TryGetValue(daemon, out var said) ? said.Verdict : null;
    }

    /// <summary>A daemon's chain has gone on without it for so long that its last no, or its never having heard of the parent, is
    /// the end of it. True: it was open.</summary>
    public bool GiveUp(CoinDaemon daemon)
    {
        lock (_gate)
        {
            if (_closed || !_answers.TryGetValue(daemon, out var said)
                || (said.Verdict != SubmitVerdict.Refused && said.Word != SubmitAnswer.ParentUnknown))
                return false;
            _closed = true;
            Become(BlockState.Refused, daemon, said.Word);
            return true;
        }
    }

    private bool Become(BlockState state, CoinDaemon daemon, string? reason)
    {
        if (_state == state)
            return false;
        (_state, _speaker, _reason) = (state, daemon, reason);
        return true;
    }
}
