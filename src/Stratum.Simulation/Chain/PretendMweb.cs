using System.Buffers.Binary;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>
/// Litecoin's extension block and the HogEx, the transaction that ties it to its block, in their shapes: nothing
/// moves in them. Roots are made up, and a sha256d stands where litecoind has a BLAKE3 hash.
/// </summary>
internal static class PretendMweb
{
    // The script of the HogEx's first output: witness version 8 and the hash of the extension block's header.
    private static ReadOnlySpan<byte> HogAddress => [0x58, 0x20];

    // Three roots and two offsets of 32 bytes.
    private const int Hashes = 5 * 32;
    private const long Amount = 17_0000_0000;

    // Numbers of inputs, outputs and kernels.
    private const int LeastBody = 3;

    /// <summary>
    /// The bytes that follow 01 in a block: height, three roots, two offsets, two counts; an empty body.
    /// </summary>
    public static byte[] Create(long height, in Hash256 previous, long revision)
    {
        var header = new ByteWriter();
        header.Bytes(Number(height));
        Span<byte> seed = stackalloc byte[41];
        previous.ToArray().CopyTo(seed);
        BinaryPrimitives.WriteInt64LittleEndian(seed[32..], revision);
        for (byte i = 0; i < Hashes / 32; i++)
        {
            seed[40] = i;
            header.Bytes(Sha256d.Hash(seed).ToArray());
        }

        header.Bytes([2, 0, 0, 0, 0]);
        return header.Written.ToArray();
    }

    /// <summary>The HogEx as litecoind writes it: its id is the hash of the bytes without flag and marker.</summary>
    /// <param name="mweb">The extension block.</param>
    /// <param name="spent">Id of the HogEx before it; at the first one, of a transaction that pegs in.</param>
    public static PretendTransaction HogEx(ReadOnlySpan<byte> mweb, Hash256 spent)
    {
        var core = new ByteWriter();
        core.Bytes([1]);
        core.Bytes(spent.ToArray());
        core.UInt32(0);
        core.Bytes([0]);
        core.UInt32(uint.MaxValue);
        core.Bytes([1]);
        core.Int64(Amount);
        core.Bytes([34, .. HogAddress, .. HeaderHash(mweb).ToArray()]);
        byte[] stripped = [2, 0, 0, 0, .. core.Written, 0, 0, 0, 0];
        var id = Sha256d.Hash(stripped);
        return new PretendTransaction(new TemplateTransaction
        {
            Data = (byte[])[2, 0, 0, 0, 0, 8, .. core.Written, 0, 0, 0, 0, 0],
            TxId = id,
            WitnessHash = id,
            Weight = 4 * stripped.Length,
        }, spent, 0);
    }

    /// <summary>What the first HogEx spends.</summary>
    public static Hash256 PegIn { get; } = Sha256d.Hash("the first peg-in"u8);

    /// <summary>Whether bytes can be an extension block.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> mweb) =>
        HeaderLength(mweb) is { } length && mweb.Length >= length + LeastBody;

    /// <summary>Null, or the rule that the block breaks by what it has or lacks of MWEB.</summary>
    /// <param name="block">With its coinbase.</param>
    /// <param name="height">Its height.</param>
    /// <param name="active">Whether blocks of that height have an extension block.</param>
    /// <param name="spent">What its HogEx has to spend.</param>
    public static string? Check(DecodedBlock block, long height, bool active, Hash256 spent)
    {
        if (!active)
        {
            return block.Mweb is not null || block.Transactions.Any(t => t.IsHogEx) ? "unexpected-mweb-data" : null;
        }

        if (block.HogEx is not { } hogEx)
        {
            return block.Mweb is null ? "mweb-missing" : "hogex-missing";
        }

        if (block.Mweb is not { } mweb)
        {
            return "mweb-missing";
        }

        if (block.Transactions.SkipLast(1).Any(t => t.IsHogEx))
        {
            return "bad-hogex-position";
        }

        var script = hogEx.Outputs[0].Script.Span;
        if (script.Length != 34 || !script.StartsWith(HogAddress))
        {
            return "bad-hogex";
        }

        if (!script[2..].SequenceEqual(HeaderHash(mweb.Span).ToArray()))
        {
            return "mweb-hash-mismatch";
        }

        if (!mweb.Span.StartsWith(Number(height)) || mweb.Length != HeaderLength(mweb.Span) + LeastBody)
        {
            return "bad-blk-mweb";
        }

        return hogEx.Inputs[0].PreviousTransaction.Equals(spent) ? null : "hogex-input-mismatch";
    }

    private static Hash256 HeaderHash(ReadOnlySpan<byte> mweb) =>
        Sha256d.Hash(mweb[..(HeaderLength(mweb) ?? mweb.Length)]);

    private static int? HeaderLength(ReadOnlySpan<byte> mweb)
    {
        int at = 0;
        return Skip(mweb, ref at) && (at += Hashes) <= mweb.Length && Skip(mweb, ref at) && Skip(mweb, ref at)
            ? at : null;
    }

    private static bool Skip(ReadOnlySpan<byte> mweb, ref int at)
    {
        while (at < mweb.Length)
        {
            if ((mweb[at++] & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Groups of 7 bits, the highest first; all but the last marked, and one less than they mean.</summary>
    private static byte[] Number(long value)
    {
        var bytes = new Stack<byte>([(byte)(value & 0x7f)]);
        while (value > 0x7f)
        {
            value = (value >> 7) - 1;
            bytes.Push((byte)(value & 0x7f | 0x80));
        }

        return [.. bytes];
    }
}
