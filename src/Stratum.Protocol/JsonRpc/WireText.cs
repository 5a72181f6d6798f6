using System.Buffers;
using System.Text;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>The pieces that lines are written from.</summary>
internal static class WireText
{
    // U+007F and everything beyond ASCII may stand in JSON as they are.
    private const string MustEscape =
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014"
        + "\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    private static readonly SearchValues<char> EscapeChars = SearchValues.Create(MustEscape);
    private static readonly SearchValues<byte> EscapeBytes = SearchValues.Create(Encoding.ASCII.GetBytes(MustEscape));

    /// <summary>A JSON string. Half a surrogate pair becomes U+FFFD.</summary>
    public static void PutText(this IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        writer.Write("\""u8);
        while (!text.IsEmpty)
        {
            int run = text.IndexOfAny(EscapeChars);
            ReadOnlySpan<char> plain = run < 0 ? text : text[..run];
            int size = Encoding.UTF8.GetByteCount(plain);
            if (size > 0)
            {
                writer.Advance(Encoding.UTF8.GetBytes(plain, writer.GetSpan(size)));
            }

            if (run < 0)
            {
                break;
            }

            PutEscaped(writer, (byte)text[run]);
            text = text[(run + 1)..];
        }

        writer.Write("\""u8);
    }

    /// <summary>A JSON string, or null.</summary>
    public static void PutTextOrNull(this IBufferWriter<byte> writer, string? text)
    {
        if (text is null)
        {
            writer.Write("null"u8);
        }
        else
        {
            writer.PutText(text);
        }
    }

    /// <summary>A JSON string from valid UTF-8.</summary>
    public static void PutText(this IBufferWriter<byte> writer, ReadOnlySpan<byte> utf8)
    {
        writer.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            int run = utf8.IndexOfAny(EscapeBytes);
            writer.Write(run < 0 ? utf8 : utf8[..run]);
            if (run < 0)
            {
                break;
            }

            PutEscaped(writer, utf8[run]);
            utf8 = utf8[(run + 1)..];
        }

        writer.Write("\""u8);
    }

    /// <summary>Decimal digits.</summary>
    public static void PutNumber(this IBufferWriter<byte> writer, long number)
    {
        number.TryFormat(writer.GetSpan(20), out int written);
        writer.Advance(written);
    }

    /// <summary>A JSON string of two lower-case hex digits a byte.</summary>
    public static void PutHex(this IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        Span<byte> span = writer.GetSpan((2 * bytes.Length) + 2);
        span[0] = (byte)'"';
        Convert.TryToHexStringLower(bytes, span[1..], out int written);
        span[written + 1] = (byte)'"';
        writer.Advance(written + 2);
    }

    /// <summary>A JSON string of two lower-case hex digits a byte.</summary>
    public static void PutHex(this IBufferWriter<byte> writer, in Extranonce extranonce)
    {
        Span<byte> bytes = stackalloc byte[16];
        extranonce.CopyTo(bytes);
        writer.PutHex(bytes[..extranonce.Length]);
    }

    /// <summary>A number without an exponent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Infinite, or no number.</exception>
    public static void PutNumber(this IBufferWriter<byte> writer, Difficulty difficulty)
    {
        if (!double.IsFinite(difficulty.Value))
        {
            throw new ArgumentOutOfRangeException(
                nameof(difficulty), difficulty.Value, "JSON has no such number; a difficulty is finite");
        }

        if (!difficulty.TryFormat(writer.GetSpan(32), out int written))
        {
            difficulty.TryFormat(writer.GetSpan(352), out written); // 1e300 has 301 digits, the smallest double 326
        }

        writer.Advance(written);
    }

    /// <summary>A JSON string of the number's eight hex digits, most significant first.</summary>
    public static void PutHex(this IBufferWriter<byte> writer, uint number)
    {
        Span<byte> span = writer.GetSpan(10);
        span[0] = (byte)'"';
        number.TryFormat(span[1..], out _, "x8");
        span[9] = (byte)'"';
        writer.Advance(10);
    }

    /// <summary>Reads exactly two hex digits a byte, either case.</summary>
    public static bool TryReadHex(ReadOnlySpan<byte> utf8Hex, Span<byte> bytes) =>
        utf8Hex.Length == 2 * bytes.Length
        && Convert.FromHexString(utf8Hex, bytes, out _, out _) == OperationStatus.Done;

    /// <summary>Reads 1 to 8 hex digits, most significant first, either case: some miners drop leading zeros.</summary>
    public static bool TryReadHex(ReadOnlySpan<byte> utf8Hex, out uint number)
    {
        number = 0;
        if (utf8Hex.Length is 0 or > 8)
        {
            return false;
        }

        foreach (byte digit in utf8Hex)
        {
            int value = HexDigit(digit);
            if (value < 0)
            {
                number = 0;
                return false;
            }

            number = (number << 4) | (uint)value;
        }

        return true;
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private static void PutEscaped(IBufferWriter<byte> writer, byte character)
    {
        Span<byte> span = writer.GetSpan(6);
        span[0] = (byte)'\\';
        byte letter = character switch
        {
            (byte)'"' or (byte)'\\' => character,
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => (byte)'u',
        };
        span[1] = letter;
        if (letter == (byte)'u')
        {
            ((uint)character).TryFormat(span[2..], out _, "x4");
        }

        writer.Advance(letter == (byte)'u' ? 6 : 2);
    }
}
