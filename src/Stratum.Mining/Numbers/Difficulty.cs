using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Stratum.Mining;

/// <summary>
/// How many times harder a share is than difficulty 1 (<see cref="Target.PdiffOne"/> times the coin's scale). Its
/// exact value is that of its shortest decimal digits, which go over the wire without an exponent.
/// </summary>
/// <param name="Value">Above 0 wherever it is used; fractions are usual.</param>
public readonly record struct Difficulty(double Value) : IComparable<Difficulty>
{
    // 0xffff x 2^208.
    private static readonly double s_pdiffOne = Math.ScaleB(0xffff, 208);

    /// <summary>The difficulty that a hash reaches. Allocates nothing.</summary>
    /// <param name="proofOfWork">The proof-of-work hash.</param>
    /// <param name="scale">1 for sha256d, 65536 for scrypt.</param>
    public static Difficulty OfHash(in Hash256 proofOfWork, uint scale = 1) => Of(proofOfWork.Number, scale);

    /// <summary>
    /// The smallest difficulty whose target still fits 256 bits: 2.33e-10 for sha256d, 1.53e-5 for scrypt. Below it
    /// every hash is a share.
    /// </summary>
    public static Difficulty Floor(uint scale = 1) => new(Math.BitIncrement(Math.ScaleB(0xffff * (double)scale, -48)));

    /// <summary>Reads a decimal number above 0, with or without an exponent.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Difficulty difficulty)
    {
        difficulty = default;
        if (!Utf8Parser.TryParse(utf8, out double value, out var read) || read != utf8.Length
            || !(value > 0) || !double.IsFinite(value))
            return false;
        difficulty = new Difficulty(value);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Difficulty)"/>
    public static bool TryParse(string? text, out Difficulty difficulty) =>
        TryParse(Encoding.UTF8.GetBytes(text ?? ""), out difficulty);

    /// <summary>
    /// Writes the shortest digits that give the same number, never with an exponent. Allocates nothing.
    /// </summary>
    /// <returns>False when they do not fit; 350 bytes always do.</returns>
    public bool TryFormat(Span<byte> utf8, out int written)
    {
        Span<byte> text = stackalloc byte[32];
        Value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        text = text[..length];
        var exponentAt = text.IndexOf((byte)'E');
        if (exponentAt < 0)
        {
            written = text.TryCopyTo(utf8) ? length : 0;
            return written > 0;
        }
        Utf8Parser.TryParse(text[(exponentAt + 1)..], out int exponent, out _);
        return TryExpand(text[..exponentAt], exponent, utf8, out written);
    }

    /// <inheritdoc/>
    public int CompareTo(Difficulty other) => Value.CompareTo(other.Value);

    /// <summary>The digits as on the wire.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[352];
        return TryFormat(text, out var written) ? Encoding.ASCII.GetString(text[..written]) : "";
    }

    /// <summary>Order.</summary>
    public static bool operator <(Difficulty left, Difficulty right) => left.Value < right.Value;

    /// <summary>Order.</summary>
    public static bool operator >(Difficulty left, Difficulty right) => left.Value > right.Value;

    /// <summary>Order.</summary>
    public static bool operator <=(Difficulty left, Difficulty right) => left.Value <= right.Value;

    /// <summary>Order.</summary>
    public static bool operator >=(Difficulty left, Difficulty right) => left.Value >= right.Value;

    internal static Difficulty Of(in UInt256 number, uint scale) =>
        new(number == default ? double.MaxValue : s_pdiffOne * scale / number.ToDouble());

    // "d.ddd" and an exponent to plain digits.
    private static bool TryExpand(ReadOnlySpan<byte> mantissa, int exponent, Span<byte> utf8, out int written)
    {
        Span<byte> digits = stackalloc byte[24];
        var count = 0;
        foreach (var character in mantissa)
            if (character != '.')
                digits[count++] = character;
        digits = digits[..count];
        var integers = exponent + 1;
        written = integers <= 0 ? 2 - integers + count : Math.Max(integers, count) + (integers < count ? 1 : 0);
        if (written > utf8.Length)
        {
            written = 0;
            return false;
        }
        var text = utf8[..written];
        text.Fill((byte)'0');
        if (integers <= 0)
        {
            text[1] = (byte)'.';
            digits.CopyTo(text[(2 - integers)..]);
        }
        else if (integers >= count)
        {
            digits.CopyTo(text);
        }
        else
        {
            digits[..integers].CopyTo(text);
            text[integers] = (byte)'.';
            digits[integers..].CopyTo(text[(integers + 1)..]);
        }
        return true;
    }
}
