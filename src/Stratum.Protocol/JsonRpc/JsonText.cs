using System.Text.Json;

namespace Stratum.Protocol;

/// <summary>Spans of JSON tokens, without strings in between.</summary>
internal static class JsonText
{
    /// <summary>Moves to the next value and past it; the value as it was written.</summary>
    public static ReadOnlySpan<byte> ReadRaw(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        return Raw(ref reader, json);
    }

    /// <summary>As <see cref="ReadRaw"/>, but empty for null.</summary>
    public static ReadOnlySpan<byte> ReadRawUnlessNull(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> raw = ReadRaw(ref reader, json);
        return reader.TokenType == JsonTokenType.Null ? default : raw;
    }

    /// <summary>The value that the reader stands on, as it was written; moves to its end.</summary>
    public static ReadOnlySpan<byte> Raw(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>The text of the string or name that the reader stands on: a copy only when it has escapes.</summary>
    /// <exception cref="InvalidOperationException">An escape is half a surrogate pair.</exception>
    public static ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        byte[] copy = new byte[reader.ValueSpan.Length];
        return copy.AsSpan(0, reader.CopyString(copy));
    }
}
