using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>
/// A unit of work as all miners of one <see cref="WorkSource"/> get it. Made from a template
/// (<see cref="FromTemplate"/>) or, by its initializer, from the raw fields of a notify. Immutable once published.
/// </summary>
public sealed class Job
{
    private readonly CompactTarget _bits;
    private KnownTarget? _shareTarget;

    /// <summary>The id on the wire; given by <see cref="WorkSource.Publish"/> unless set here.</summary>
    public JobId Id { get; set; }

    /// <summary>
    /// The coin whose functions judge its shares; null: shares are <see cref="ShareVerdict.Unjudged"/>.
    /// </summary>
    public Coin? Coin { get; init; }

    /// <summary>Height of the block that is being mined; 0 when unknown.</summary>
    public long Height { get; init; }

    /// <summary>Hash of the previous block.</summary>
    public required Hash256 PreviousBlock { get; init; }

    /// <summary>Coinbase bytes before extranonce1, without witness.</summary>
    public required ReadOnlyMemory<byte> Coinbase1 { get; init; }

    /// <summary>Coinbase bytes after extranonce2, without witness.</summary>
    public required ReadOnlyMemory<byte> Coinbase2 { get; init; }

    /// <summary>Siblings of the coinbase from the leaves up, in hash order.</summary>
    public ReadOnlyMemory<Hash256> MerkleBranch { get; init; }

    /// <summary>
    /// Block version with the bits of <see cref="VersionMask"/> cleared, so that XOR, OR and BIP 310 agree.
    /// </summary>
    public required uint Version { get; init; }

    /// <summary>Version bits that miners may roll (BIP 320: 1fffe000); 0 where the version carries meaning.</summary>
    public uint VersionMask { get; init; }

    /// <summary>The compact target of the block.</summary>
    public required CompactTarget Bits
    {
        get => _bits;
        init
        {
            _bits = value;
            BlockTarget = value.ToTarget();
        }
    }

    /// <summary>The block's target: <see cref="Bits"/> expanded.</summary>
    public Target BlockTarget { get; private init; }

    /// <summary>Block time offered to miners, seconds since 1970.</summary>
    public required uint Time { get; init; }

    /// <summary>The earliest time that the chain accepts; 0 when unknown.</summary>
    public uint MinTime { get; init; }

    /// <summary>
    /// Whether miners must drop what they have. <see cref="WorkSource.Publish"/> sets it for the first job and for
    /// a new previous block; set it yourself only where older work is truly worthless.
    /// </summary>
    public bool Clean { get; set; }

    /// <summary>extranonce1 + extranonce2 in bytes, as the coinbase was built for; 0: not known, not checked.</summary>
    public int ExtranonceSize { get; init; }

    /// <summary>
    /// Whether a share may be harder than a block. True on regtest and simulated chains only: elsewhere such a
    /// miner would throw blocks away.
    /// </summary>
    public bool DifficultyMayExceedNetwork { get; init; }

    /// <summary>
    /// What its shares must reach, whatever the sessions' own difficulty is: of work that another pool judges. Null: the
    /// session's.
    /// </summary>
    public Difficulty? Difficulty { get; init; }

    /// <summary>What the block is assembled from; null for a job made from raw fields.</summary>
    public BlockTemplate? Template { get; init; }

    /// <summary>
    /// The coinbase that <see cref="Coinbase1"/> and <see cref="Coinbase2"/> were cut from; null for raw fields.
    /// </summary>
    public Coinbase? Coinbase { get; init; }

    /// <summary>
    /// Makes the same work anew at a time (seconds since 1970): other coinbase bytes, not clean. For keep-alive and
    /// urgent difficulty changes, where a miner would ignore or mine twice a job that it already has.
    /// </summary>
    public Func<uint, Job>? Renew { get; init; }

    /// <summary>Who receives it; set by <see cref="WorkSource.Publish"/>.</summary>
    public WorkSource? Source { get; internal set; }

    /// <summary>Place in its source's order of jobs, from 1; 0 before it is published.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The difficulty of the block on the coin's scale.</summary>
    public Difficulty NetworkDifficulty => BlockTarget.ToDifficulty(Coin?.DifficultyScale ?? 1);

    /// <summary>The target of a share of it, with the tolerance for shares.</summary>
    internal Target ShareTarget(Difficulty difficulty)
    {
        // Most sessions have the difficulty of the one before: it is worked out once.
        if (Volatile.Read(ref _shareTarget) is not { } last || last.Difficulty != difficulty)
            Volatile.Write(ref _shareTarget, last = new(difficulty, Target.FromDifficulty(difficulty, Coin?.DifficultyScale ?? 1).WithShareTolerance()));
        return last.Target;
    }

    internal SeenShares? Seen { get; set; }

    internal long PublishedAt { get; set; }

    /// <summary>
    /// Makes a job of a node's template that pays one address, after what <see cref="JobOptions.Outputs"/> takes. Its
    /// time is the template's, which may lie ahead of yours, and never before the earliest that the chain accepts.
    /// </summary>
    /// <param name="template">The answer of <c>getblocktemplate</c>.</param>
    /// <param name="coin">The coin it belongs to.</param>
    /// <param name="payTo">Who gets subsidy and fees, or what remains of them.</param>
    /// <param name="options">Tag, extranonce size and more; null for the defaults.</param>
    /// <exception cref="ArgumentException">The coinbase does not fit (the text says how long the tag may
    /// be).</exception>
    public static Job FromTemplate(BlockTemplate template, Coin coin, Address payTo, JobOptions? options = null) =>
        JobFactory.Create(template, coin, payTo, options ?? new JobOptions(), template.CurTime);

    /// <summary>The whole block for <c>submitblock</c>.</summary>
    /// <param name="header">The 80 bytes that were hashed.</param>
    /// <param name="extranonce1">The session's part.</param>
    /// <param name="extranonce2">The miner's part.</param>
    /// <exception cref="InvalidOperationException">The job was made from raw fields and has no template.</exception>
    public byte[] AssembleBlock(ReadOnlySpan<byte> header, in Extranonce extranonce1, in Extranonce extranonce2)
    {
        if (Template is null || Coinbase is null || Coin is null)
            throw new InvalidOperationException(
                "This job was made from raw notify fields: without its template there is no block to assemble.");
        return JobFactory.AssembleBlock(this, header, Coinbase.Assemble(extranonce1, extranonce2, Coinbase.HasWitness));
    }

    private sealed record KnownTarget(Difficulty Difficulty, Target Target);

    /// <inheritdoc/>
    [ExcludeFromCodeCoverage]
    public override string ToString() => $"job {Id} height {Height} on {PreviousBlock}{(Clean ? " clean" : "")}";
}
