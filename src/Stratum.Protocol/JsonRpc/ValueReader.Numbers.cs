using System.Globalization;
using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Protocol;

internal ref partial struct ValueReader
{
    /// <summary>The next element: a whole number between two others.</summary>
    public int NextInteger(int min, int max, string must)
    {
        if (!Next())
        {
            Fail(must);
        }

        return Integer(min, max, must);
    }

    /// <summary>The whole number that the reader stands on, bare or in a string.</summary>
    public int Integer(int min, int max, string must)
    {
        string? digits = Type is JsonTokenType.Number or JsonTokenType.String ? StringOrNull(must) : null;
        if (!int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            || value < min || value > max)
        {
            Fail(must);
        }

        return value;
    }

    /// <summary>The next element: a difficulty as a number, or in a string.</summary>
    public Difficulty NextDifficulty(string must)
    {
        if (!Next())
        {
            Fail(must);
        }

        return Difficulty(must);
    }

    /// <summary>The difficulty that the reader stands on: a number, or one in a string.</summary>
    public Difficulty Difficulty(string must)
    {
        Difficulty value = default;
        bool good = Error is null && Type switch
        {
            JsonTokenType.Number => Stratum.Mining.Difficulty.TryParse(_reader.ValueSpan, out value),
            JsonTokenType.String => Stratum.Mining.Difficulty.TryParse(Unescaped(must), out value),
            _ => false,
        };
        if (!good)
        {
            Fail(must);
        }

        return value;
    }

    /// <summary>The next element, hex digits or a number.</summary>
    public uint NextHex(string must)
    {
        if (!Next())
        {
            Fail(must);
        }

        return Hex(must);
    }

    /// <summary>The next element, hex digits or a number; null when null or absent.</summary>
    public uint? NextHexOrNull(string must) => !Next() || Type == JsonTokenType.Null ? null : Hex(must);

    /// <summary>The next element, hex digits, two for each byte.</summary>
    public byte[] NextBytes(string must)
    {
        if (!Next())
        {
            Fail(must);
        }

        return Bytes(must);
    }

    /// <summary>The 1 to 8 hex digits, or the number, that the reader stands on.</summary>
    public uint Hex(string must)
    {
        uint value = 0;
        bool good = Error is null && Type switch
        {
            JsonTokenType.Number => _reader.TryGetUInt32(out value),
            JsonTokenType.String => WireText.TryReadHex(Unescaped(must), out value),
            _ => false,
        };
        if (!good)
        {
            Fail(must);
        }

        return value;
    }

    /// <summary>The string of two hex digits a byte that the reader stands on.</summary>
    public byte[] Bytes(string must)
    {
        ReadOnlySpan<byte> text = Text(must);
        byte[] bytes = new byte[text.Length / 2];
        if (Error is not null || !WireText.TryReadHex(text, bytes))
        {
            Fail(must);
        }

        return bytes;
    }
}
