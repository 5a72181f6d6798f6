using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"mining.notify","params":[job_id, prevhash, coinb1, coinb2, [merkle branch], version, nbits,
/// ntime, clean_jobs]}</c>: a job. Numbers are eight hex digits, most significant first; coinbase and branch are bytes
/// in the order they are hashed; of the previous block's hash every 4-byte word is reversed.
/// </summary>
public sealed record Notify
{
    private const string BranchMust = "params[4] must be the merkle branch: an array of strings of 64 hex digits";

    /// <summary>The job's id, which comes back in shares; ASCII.</summary>
    public required string JobId { get; init; }

    /// <summary>The hash of the block before.</summary>
    public required Hash256 PreviousBlock { get; init; }

    /// <summary>The coinbase before extranonce1, without witness.</summary>
    public required ReadOnlyMemory<byte> Coinbase1 { get; init; }

    /// <summary>The coinbase after extranonce2, without witness.</summary>
    public required ReadOnlyMemory<byte> Coinbase2 { get; init; }

    /// <summary>The hashes beside the coinbase's way up; Bitaxe takes at most 32.</summary>
    public ReadOnlyMemory<Hash256> MerkleBranch { get; init; }

    /// <summary>The header's version.</summary>
    public required uint Version { get; init; }

    /// <summary>The network target, compact.</summary>
    public required CompactTarget Bits { get; init; }

    /// <summary>The header's time, seconds since 1970.</summary>
    public required uint Time { get; init; }

    /// <summary>Whether shares of older jobs are worthless from now on.</summary>
    public bool Clean { get; init; }

    /// <summary>Reads the params; 8 are enough, clean_jobs is then false. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The job.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out Notify? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        string jobId = list.NextString("params[0] must be the job id: a string");
        Hash256 previous = PreviousHash.Read(ref list, "params[1] must be the previous hash: 64 hex digits");
        byte[] coinbase1 = list.NextBytes("params[2] must be the coinbase's first part: hex digits");
        byte[] coinbase2 = list.NextBytes("params[3] must be the coinbase's second part: hex digits");
        Hash256[] branch = ReadBranch(ref list);
        uint version = list.NextHex("params[5] must be the version: 1 to 8 hex digits");
        uint bits = list.NextHex("params[6] must be nbits: 1 to 8 hex digits");
        uint time = list.NextHex("params[7] must be ntime: 1 to 8 hex digits");
        bool clean = list.Next() && list.Type == JsonTokenType.True; // anything else is false, as cgminer has it
        error = list.Finish();
        value = error is not null ? null : new Notify
        {
            JobId = jobId,
            PreviousBlock = previous,
            Coinbase1 = coinbase1,
            Coinbase2 = coinbase2,
            MerkleBranch = branch,
            Version = version,
            Bits = new CompactTarget(bits),
            Time = time,
            Clean = clean,
        };
        return value is not null;
    }

    /// <summary>Writes the notification.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        MessageWriter.BeginNotification(writer, Methods.Notify);
        writer.Write("["u8);
        writer.PutText(JobId);
        writer.Write(","u8);
        PreviousHash.Write(writer, PreviousBlock);
        writer.Write(","u8);
        writer.PutHex(Coinbase1.Span);
        writer.Write(","u8);
        writer.PutHex(Coinbase2.Span);
        WriteBranch(writer);
        writer.PutHex(Version);
        writer.Write(","u8);
        writer.PutHex(Bits.Bits);
        writer.Write(","u8);
        writer.PutHex(Time);
        writer.Write(Clean ? ",true]}\n"u8 : ",false]}\n"u8);
    }

    /// <summary>Whether both are the same line.</summary>
    public bool Equals(Notify? other) =>
        other is not null && JobId == other.JobId && PreviousBlock == other.PreviousBlock
        && Coinbase1.Span.SequenceEqual(other.Coinbase1.Span) && Coinbase2.Span.SequenceEqual(other.Coinbase2.Span)
        && MerkleBranch.Span.SequenceEqual(other.MerkleBranch.Span) && Version == other.Version && Bits == other.Bits
        && Time == other.Time && Clean == other.Clean;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(JobId, PreviousBlock, Version, Bits, Time, Clean);

    private static Hash256[] ReadBranch(scoped ref ValueReader list)
    {
        var branch = new List<Hash256>();
        Span<byte> bytes = stackalloc byte[32];
        if (!list.Next() || !list.Enter(JsonTokenType.StartArray, BranchMust))
        {
            list.Fail(BranchMust);
        }

        while (list.Next())
        {
            if (!WireText.TryReadHex(list.Text(BranchMust), bytes))
            {
                list.Fail(BranchMust);
            }

            branch.Add(new Hash256(bytes));
        }

        return [.. branch];
    }

    private void WriteBranch(IBufferWriter<byte> writer)
    {
        Span<byte> bytes = stackalloc byte[32];
        writer.Write(",["u8);
        for (int i = 0; i < MerkleBranch.Length; i++)
        {
            if (i > 0)
            {
                writer.Write(","u8);
            }

            MerkleBranch.Span[i].CopyTo(bytes);
            writer.PutHex(bytes);
        }

        writer.Write("],"u8);
    }
}
