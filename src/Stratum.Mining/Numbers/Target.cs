using System.Globalization;
using System.Numerics;

namespace Stratum.Mining;

/// <summary>
/// A 256-bit number that a proof-of-work hash must not exceed. As text: 64 hex digits, most significant first.
/// </summary>
public readonly struct Target : IEquatable<Target>, IComparable<Target>
{
    private static readonly BigInteger s_pdiffOne = new BigInteger(0xffff) << 208;
    private static readonly BigInteger s_max = (BigInteger.One << 256) - 1;
    private readonly UInt256 _value;

    private Target(UInt256 value) => _value = value;

    private Target(BigInteger value)
    {
        Span<byte> bytes = stackalloc byte[33];
        bytes.Clear();
        BigInteger.Min(value, s_max).TryWriteBytes(bytes, out _, isUnsigned: true);
        _value = UInt256.ReadLittleEndian(bytes);
    }

    /// <summary>2^256-1: every hash meets it.</summary>
    public static Target Max => new(UInt256.Max);

    /// <summary>0: what no hash meets.</summary>
    public static Target Zero => default;

    /// <summary>
    /// The target of difficulty 1 of pools, 0xffff x 2^208 ("pdiff" in the sources that this project follows; the
    /// Bitcoin wiki swaps the two names).
    /// </summary>
    public static Target PdiffOne => new(new UInt256(0, 0, 0, 0xffff0000UL));

    /// <summary>2^224, of which some miners compute ("bdiff"): 65536/65535 of <see cref="PdiffOne"/>.</summary>
    public static Target BdiffOne => new(new UInt256(0, 0, 0, 0x100000000UL));

    /// <summary>
    /// floor(<see cref="PdiffOne"/> x scale / difficulty), exactly, of the decimal number that goes over the wire;
    /// at most <see cref="Max"/>.
    /// </summary>
    /// <param name="difficulty">Above 0.</param>
    /// <param name="scale">1 for sha256d, 65536 for scrypt.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difficulty is not a number above 0.</exception>
    public static Target FromDifficulty(Difficulty difficulty, uint scale = 1)
    {
        if (!(difficulty.Value > 0) || !double.IsFinite(difficulty.Value))
            throw new ArgumentOutOfRangeException(
                nameof(difficulty), difficulty.Value, "A difficulty is a number above 0.");
        // The shortest digits that give the same double are what is written: 0.001 is 1/1000, not its binary neighbour.
        var shortest = difficulty.Value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        var exponent = exponentAt < 0 ? 0 : int.Parse(shortest[(exponentAt + 1)..], CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }
        var digits = BigInteger.Parse(mantissa, CultureInfo.InvariantCulture);
        var one = s_pdiffOne * scale;
        return new Target(exponent < 0
            ? one * BigInteger.Pow(10, -exponent) / digits
            : one / (digits * BigInteger.Pow(10, exponent)));
    }

    /// <summary>Reads 64 hex digits, most significant first.</summary>
    /// <exception cref="FormatException">Not 64 hex digits.</exception>
    public static Target Parse(string hex) => Hash256.TryParse(hex, out var number)
        ? new Target(number.Number)
        : throw new FormatException($"'{hex}' is not a target: 64 hex digits are needed.");

    /// <summary>Reads 32 bytes, most significant first.</summary>
    public static Target FromBytesBigEndian(ReadOnlySpan<byte> bytes) => new(UInt256.ReadBigEndian(bytes));

    /// <summary>Writes 32 bytes, most significant first.</summary>
    public void WriteBigEndian(Span<byte> destination) => _value.WriteBigEndian(destination);

    /// <summary>Whether a hash, as a little-endian number, is not above this. Allocates nothing.</summary>
    public bool IsMetBy(in Hash256 proofOfWork) => proofOfWork.Number.CompareTo(_value) <= 0;

    /// <summary><see cref="PdiffOne"/> x scale / this, to 15 digits; 0 for the target 0, which nothing meets.</summary>
    public Difficulty ToDifficulty(uint scale = 1) => _value == default ? default : Difficulty.Of(_value, scale);

    /// <summary>
    /// x 65536/65535, at most <see cref="Max"/>: some miners compute their targets from 2^224. For shares only, never
    /// for blocks.
    /// </summary>
    public Target WithShareTolerance() => new(ToBigInteger() + ToBigInteger() / 65535);

    /// <inheritdoc/>
    public int CompareTo(Target other) => _value.CompareTo(other._value);

    /// <inheritdoc/>
    public bool Equals(Target other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Target other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>64 hex digits, most significant first.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[32];
        WriteBigEndian(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Equality.</summary>
    public static bool operator ==(Target left, Target right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(Target left, Target right) => !left.Equals(right);

    /// <summary>Order: a smaller target is harder.</summary>
    public static bool operator <(Target left, Target right) => left.CompareTo(right) < 0;

    /// <summary>Order: a greater target is easier.</summary>
    public static bool operator >(Target left, Target right) => left.CompareTo(right) > 0;

    internal BigInteger ToBigInteger()
    {
        Span<byte> bytes = stackalloc byte[32];
        _value.WriteLittleEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }

    internal static Target FromBigInteger(BigInteger value) => new(value);
}
