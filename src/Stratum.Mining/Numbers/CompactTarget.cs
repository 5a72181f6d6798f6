using System.Numerics;

namespace Stratum.Mining;

/// <summary>A block target in 32 bits ("nbits"): one byte of size, three of mantissa.</summary>
/// <param name="Bits">As a number; in a header it is little-endian, in notify eight hex digits.</param>
public readonly record struct CompactTarget(uint Bits)
{
    private const uint Sign = 0x00800000;

    /// <summary>The smallest compact form of a target; low digits are cut, as nodes do.</summary>
    public static CompactTarget FromTarget(Target target)
    {
        var value = target.ToBigInteger();
        var size = value.GetByteCount(isUnsigned: true);
        var mantissa = (uint)(size <= 3 ? value << (8 * (3 - size)) : value >> (8 * (size - 3)));
        if ((mantissa & Sign) != 0)
        {
            mantissa >>= 8;
            size++;
        }
        return new CompactTarget(value.IsZero ? 0 : (uint)size << 24 | mantissa);
    }

    /// <summary>
    /// The 256-bit target; negative, zero and overflowing forms give <see cref="Target.Zero"/>, which nothing
    /// meets.
    /// </summary>
    public Target ToTarget()
    {
        var size = (int)(Bits >> 24);
        var mantissa = Bits & 0x007fffff;
        if ((Bits & Sign) != 0)
            return Target.Zero;
        var value = size <= 3
            ? new BigInteger(mantissa >> (8 * (3 - size)))
            : new BigInteger(mantissa) << (8 * (size - 3));
        return value.GetBitLength() > 256 ? Target.Zero : Target.FromBigInteger(value);
    }

    /// <summary>What it is, of a form that <see cref="ToTarget"/> gives zero for.</summary>
    internal string WhyNothingMeetsIt() =>
        (Bits & 0x007fffff) == 0 || ToMantissa() == 0 ? "zero"
        : (Bits & Sign) != 0 ? "negative"
        : "more than 256 bits";

    // What a size below three leaves of the mantissa.
    private uint ToMantissa()
    {
        var size = (int)(Bits >> 24);
        return (Bits & 0x007fffff) >> (size < 3 ? 8 * (3 - size) : 0);
    }

    /// <summary>Eight hex digits.</summary>
    public override string ToString() => Bits.ToString("x8");
}
