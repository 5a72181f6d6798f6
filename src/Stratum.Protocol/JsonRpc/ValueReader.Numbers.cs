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
}
