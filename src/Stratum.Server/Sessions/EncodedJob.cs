using System.Buffers;
using System.Runtime.CompilerServices;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

/// <summary>A job and the bytes of its <c>mining.notify</c>, made once and sent to every session.</summary>
internal sealed class EncodedJob
{
    private readonly byte[] _asPublished;
    private byte[]? _clean;
    private EncodedJob? _asClean;

    public EncodedJob(Job job)
        : this(job, new StrongBox<Hash256>(job.PreviousBlock), Encode(job, job.Clean), job.Clean)
    {
    }

    private EncodedJob(Job job, StrongBox<Hash256> tip, byte[] bytes, bool isClean)
    {
        Job = job;
        Tip = tip;
        IsClean = isClean;
        NetworkDifficulty = job.NetworkDifficulty;
        _asPublished = bytes;
    }

    public Job Job { get; }

    /// <summary>The block that it builds on: one object for all sessions that were sent the job, which may be gone by then.</summary>
    public StrongBox<Hash256> Tip { get; }

    public Difficulty NetworkDifficulty { get; }

    /// <summary>Whether the line tells every session to drop its older work.</summary>
    public bool IsClean { get; }

    /// <summary>
    /// The line, clean for a session that must drop its older work whatever the job says of the others.
    /// </summary>
    public ReadOnlySpan<byte> Bytes(bool clean) =>
        !clean || IsClean ? _asPublished : CleanBytes();

    /// <summary>The same job for a session that has not been sent the clean job before it.</summary>
    public EncodedJob AsClean() => IsClean ? this : _asClean ??= new EncodedJob(Job, Tip, CleanBytes(), true);

    private byte[] CleanBytes() => _clean ??= Encode(Job, true);

    private static byte[] Encode(Job job, bool clean)
    {
        var writer = new ArrayBufferWriter<byte>(2048);
        new Notify
        {
            JobId = job.Id.Value,
            PreviousBlock = job.PreviousBlock,
            Coinbase1 = job.Coinbase1,
            Coinbase2 = job.Coinbase2,
            MerkleBranch = job.MerkleBranch,
            Version = job.Version,
            Bits = job.Bits,
            Time = job.Time,
            Clean = clean,
        }.Write(writer);
        return writer.WrittenSpan.ToArray();
    }
}
