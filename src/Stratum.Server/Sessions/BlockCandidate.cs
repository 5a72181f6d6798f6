using Stratum.Mining;

namespace Stratum.Server;

/// <summary>A share that solves a block, told before anything else is done with it.</summary>
public sealed class BlockCandidate
{
    private readonly byte[] _header;
    private readonly Extranonce _extranonce1;

    internal BlockCandidate(StratumSession session, WorkerName worker, scoped in Extranonce extranonce2, ref ShareJudgement judgement)
    {
        Session = session;
        Worker = worker;
        Job = judgement.Job!;
        BlockId = judgement.BlockId;
        ShareDifficulty = judgement.ShareDifficulty;
        Extranonce2 = extranonce2;
        _extranonce1 = judgement.Extranonce1;
        _header = judgement.Header.ToArray();
    }

    /// <summary>The session that found it.</summary>
    public StratumSession Session { get; }

    /// <summary>The worker that found it.</summary>
    public WorkerName Worker { get; }

    /// <summary>The job that it solves.</summary>
    public Job Job { get; }

    /// <summary>The id of the block.</summary>
    public Hash256 BlockId { get; }

    /// <summary>Height of the block.</summary>
    public long Height => Job.Height;

    /// <summary>The difficulty that its hash reaches.</summary>
    public Difficulty ShareDifficulty { get; }

    /// <summary>The miner's part of the coinbase.</summary>
    public Extranonce Extranonce2 { get; }

    /// <summary>The 80 bytes that were hashed.</summary>
    public ReadOnlyMemory<byte> Header => _header;

    /// <summary>The whole block for <c>submitblock</c>.</summary>
    /// <exception cref="InvalidOperationException">The job was made from raw fields and has no template.</exception>
    public byte[] AssembleBlock() => Job.AssembleBlock(_header, _extranonce1, Extranonce2);
}
