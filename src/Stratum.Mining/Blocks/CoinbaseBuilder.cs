using System.Buffers.Binary;
using System.Text;

namespace Stratum.Mining;

/// <summary>Builds the coinbase of Bitcoin and the coins that kept its form.</summary>
public static class CoinbaseBuilder
{
    // Consensus: 2 to 100 bytes. Height, push and one byte of extranonce are 3 already.
    private const int MaxScript = 100;
    private const byte Op1 = 0x51;
    private const byte LargestPush = 75;

    /// <summary>
    /// Builds a coinbase whose scriptSig is height, aux, salt, one push of extranonce1 + extranonce2, tag; the witness
    /// commitment is the last output.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The scriptSig would not fit its 100 bytes (the text says how long the tag may be), there is no output, one pays
    /// less than nothing, or a push is longer than 75 bytes.
    /// </exception>
    public static Coinbase Build(CoinbaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Validate(request);
        byte[] head =
        [
            .. Bip34Height(request.Height), .. request.Aux.Span, .. Push(request.Salt.Span),
            (byte)request.ExtranonceSize,
        ];
        var tag = Encoding.UTF8.GetBytes(request.Tag);
        var length = head.Length + request.ExtranonceSize + tag.Length;
        if (length > MaxScript)
            throw TooLong(length, tag.Length);

        var part1 = new List<byte>(64);
        AddUInt32(part1, request.TransactionVersion);
        part1.Add(1);
        part1.AddRange(new byte[32]);
        AddUInt32(part1, uint.MaxValue);
        part1.Add((byte)length);
        part1.AddRange(head);

        var part2 = new List<byte>(128);
        part2.AddRange(tag);
        AddUInt32(part2, request.Sequence);
        IReadOnlyList<CoinbaseOutput> outputs = request.WitnessCommitment is { } commitment
            ? [.. request.Outputs, new CoinbaseOutput(0, commitment)]
            : request.Outputs;
        AddCount(part2, outputs.Count);
        foreach (var output in outputs)
        {
            AddUInt64(part2, (ulong)output.Value);
            AddCount(part2, output.Script.Length);
            part2.AddRange(output.Script.Span);
        }
        AddUInt32(part2, request.LockTime);
        var hasWitness = request.WitnessCommitment is not null;
        return new Coinbase(part1.ToArray(), part2.ToArray(), request.ExtranonceSize, hasWitness);
    }

    /// <summary>
    /// The height as BIP 34 wants it: OP_1..OP_16, above that the shortest little-endian number with a sign bit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public static byte[] Bip34Height(long height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        if (height == 0)
            return [0x00];
        if (height <= 16)
            return [(byte)(Op1 + height - 1)];
        var bytes = new List<byte>();
        for (var rest = height; rest > 0; rest >>= 8)
            bytes.Add((byte)rest);
        if ((bytes[^1] & 0x80) != 0)
            bytes.Add(0);
        return [(byte)bytes.Count, .. bytes];
    }

    private static void Validate(CoinbaseRequest request)
    {
        if (request.ExtranonceSize is < 1 or > LargestPush)
            throw new ArgumentException(
                $"{request.ExtranonceSize} bytes of extranonce: 1 to {LargestPush} can be pushed.", nameof(request));
        if (request.Outputs.Count == 0)
            throw new ArgumentException("A coinbase needs an output: whom does it pay?", nameof(request));
        if (request.Outputs.FirstOrDefault(output => output.Value < 0) is { } negative)
            throw new ArgumentException($"An output cannot pay {negative.Value}.", nameof(request));
    }

    private static ArgumentException TooLong(int length, int tag)
    {
        var longest = MaxScript - length + tag;
        var advice = longest >= 0
            ? $"the tag may have {longest} bytes, not {tag}"
            : $"even without a tag it is {-longest} too long; shorten aux, salt or extranonce";
        return new ArgumentException(
            $"The coinbase's scriptSig would have {length} bytes and may have {MaxScript}: {advice}.");
    }

    private static byte[] Push(ReadOnlySpan<byte> data) =>
        data.IsEmpty ? []
        : data.Length <= LargestPush ? [(byte)data.Length, .. data]
        : throw new ArgumentException($"The salt has {data.Length} bytes, at most {LargestPush} can be pushed.");

    private static void AddUInt32(List<byte> bytes, uint value)
    {
        Span<byte> buffer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, value);
        bytes.AddRange(buffer);
    }

    private static void AddUInt64(List<byte> bytes, ulong value)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        bytes.AddRange(buffer);
    }

    private static void AddCount(List<byte> bytes, int count)
    {
        Span<byte> buffer = stackalloc byte[CompactSize.MaxLength];
        bytes.AddRange(buffer[..CompactSize.Write(buffer, (ulong)count)]);
    }
}
