namespace Stratum.Mining;

/// <summary>
/// Where the parts of a transaction in Bitcoin's form (BIP 144) lie. Nothing is copied, so that thousands of them cost
/// little more than their hashes.
/// </summary>
internal readonly ref struct RawTransaction
{
    private const int VersionSize = 4;
    private const int LockTimeSize = 4;
    private const int OutpointSize = 36;
    private const int SequenceSize = 4;
    private const int ValueSize = 8;
    private const int FlagAt = 5;
    private const byte WitnessFlag = 0x01;
    private const byte HogExFlag = 0x08;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _bodyEnd;

    private RawTransaction(ReadOnlySpan<byte> data, int bodyEnd, bool hasWitness)
    {
        _data = data;
        _bodyEnd = bodyEnd;
        HasWitness = hasWitness;
    }

    /// <summary>Whether it carries signatures outside of its inputs.</summary>
    public bool HasWitness { get; }

    /// <summary>The hash of what stands in a block; without a witness it is the id too.</summary>
    public Hash256 Hash() => Sha256d.Hash(_data);

    /// <summary>The id: without marker, flag and witness. Allocates nothing.</summary>
    public Hash256 Id() => HasWitness
        ? Sha256d.Hash(_data[..VersionSize], _data[(FlagAt + 1).._bodyEnd], _data[^LockTimeSize..], default)
        : Hash();

    /// <summary>
    /// Whether this is Litecoin's HogEx, by which its extension block is tied to the chain. Its form and its ids are
    /// not Bitcoin's.
    /// </summary>
    public static bool IsHogEx(ReadOnlySpan<byte> data) =>
        data.Length > FlagAt && data[VersionSize] == 0 && (data[FlagAt] & HogExFlag) != 0;

    /// <summary>Finds the parts; null when it is a transaction, else what is wrong, to follow "which".</summary>
    public static string? Read(ReadOnlySpan<byte> data, out RawTransaction transaction)
    {
        transaction = default;
        if (data.Length <= FlagAt)
            return "is too short for one";
        // No transaction has no inputs, so that a zero here marks the form with a flag.
        var marked = data[VersionSize] == 0;
        if (marked && data[FlagAt] != WitnessFlag)
            return $"has the flag {data[FlagAt]:x2} where 01 marks a witness";
        var rest = data[(marked ? FlagAt + 1 : VersionSize)..];
        if (!TrySkipInputs(ref rest, out var inputs))
            return inputs == 0 ? "has no inputs" : "ends within its inputs";
        if (!TrySkipOutputs(ref rest))
            return "ends within its outputs";
        var bodyEnd = data.Length - rest.Length;
        if (marked && !TrySkipWitness(ref rest, inputs, out var items))
            return items == 0 ? "has the flag of a witness and none" : "ends within its witness";
        if (rest.Length != LockTimeSize)
            return rest.Length < LockTimeSize
                ? "ends within its lock time"
                : $"has {rest.Length - LockTimeSize} bytes behind its end";
        transaction = new RawTransaction(data, bodyEnd, marked);
        return null;
    }

    /// <summary>Steps over a script or another run of bytes behind its length.</summary>
    public static bool TrySkipRun(ref ReadOnlySpan<byte> rest) =>
        CompactSize.TryRead(ref rest, out var length) && TrySkip(ref rest, length);

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, ulong length)
    {
        if (length > (ulong)rest.Length)
            return false;
        rest = rest[(int)length..];
        return true;
    }

    private static bool TrySkipInputs(ref ReadOnlySpan<byte> rest, out ulong count)
    {
        if (!CompactSize.TryRead(ref rest, out count))
        {
            count = 1;
            return false;
        }
        for (var i = 0ul; i < count; i++)
            if (!TrySkip(ref rest, OutpointSize) || !TrySkipRun(ref rest) || !TrySkip(ref rest, SequenceSize))
                return false;
        return count > 0;
    }

    private static bool TrySkipOutputs(ref ReadOnlySpan<byte> rest)
    {
        if (!CompactSize.TryRead(ref rest, out var count))
            return false;
        for (var i = 0ul; i < count; i++)
            if (!TrySkip(ref rest, ValueSize) || !TrySkipRun(ref rest))
                return false;
        return true;
    }

    // A stack for each input; nodes refuse a witness of empty ones only.
    private static bool TrySkipWitness(ref ReadOnlySpan<byte> rest, ulong inputs, out ulong items)
    {
        items = 0;
        for (var i = 0ul; i < inputs; i++)
        {
            if (!CompactSize.TryRead(ref rest, out var count))
            {
                items = 1;
                return false;
            }
            items = ulong.Max(items, count);
            for (var item = 0ul; item < count; item++)
                if (!TrySkipRun(ref rest))
                    return false;
        }
        return items > 0;
    }
}
