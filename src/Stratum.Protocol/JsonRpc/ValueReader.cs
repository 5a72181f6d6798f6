using System.Text;
using System.Text.Json;

namespace Stratum.Protocol;

/// <summary>
/// Walks through params or a result. The first thing that is wrong is kept in <see cref="Error"/>, and from then on
/// everything reads as absent: a caller reads all it wants and looks once, at <see cref="Finish"/>. Never throws, on
/// cut-off or damaged JSON neither. What a value must be is said by its reader, as the whole text of the error.
/// </summary>
internal ref partial struct ValueReader
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private bool _unread; // stands on an array or object that nobody has entered
    private bool _done;

    private ValueReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Message.MaxDepth });
        Step();
        _done = !_unread; // a scalar is all there is
    }

    /// <summary>The first thing that was wrong.</summary>
    public string? Error { get; private set; }

    /// <summary>The type of the value that the reader stands on.</summary>
    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>Stands before the first of params; empty JSON is an empty list.</summary>
    public static ValueReader OfParams(ReadOnlySpan<byte> rawParams) =>
        OfArray(rawParams.IsEmpty ? "[]"u8 : rawParams, "params must be an array");

    /// <summary>Stands before the first element of an array.</summary>
    public static ValueReader OfArray(ReadOnlySpan<byte> json, string must)
    {
        var reader = new ValueReader(json);
        reader.Enter(JsonTokenType.StartArray, must);
        return reader;
    }

    /// <summary>Stands before the first member of an object.</summary>
    public static ValueReader OfObject(ReadOnlySpan<byte> json, string must)
    {
        var reader = new ValueReader(json);
        reader.Enter(JsonTokenType.StartObject, must);
        return reader;
    }

    /// <summary>Stands on the value itself.</summary>
    public static ValueReader OfValue(ReadOnlySpan<byte> json) => new(json);

    /// <summary>Goes into the array or object that the reader stands on.</summary>
    public bool Enter(JsonTokenType start, string must)
    {
        if (Error is not null || !_unread || Type != start)
        {
            Fail(must);
            return false;
        }

        _unread = false;
        return true;
    }

    /// <summary>To the next element; false at the end of the array, once for each that was entered.</summary>
    public bool Next()
    {
        if (_done || !SkipUnread() || !Step())
        {
            return false;
        }

        if (Type is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            return true;
        }

        _done = _reader.CurrentDepth == 0;
        return false;
    }

    /// <summary>To the value of the next member; false at the end of the object.</summary>
    public bool NextMember(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!Next())
        {
            return false;
        }

        name = Unescaped("A name has half a surrogate pair");
        return Step();
    }

    /// <summary>Reads to the end of the outermost value and behind it.</summary>
    /// <returns><see cref="Error"/>.</returns>
    public string? Finish()
    {
        while (Next())
        {
        }

        if (Error is null)
        {
            try
            {
                _reader.Read(); // throws when something follows
            }
            catch (JsonException)
            {
                Fail("The JSON is followed by something else");
            }
        }

        return Error;
    }

    /// <summary>Keeps the first error.</summary>
    public void Fail(string must) => Error ??= must;

    /// <summary>The next element, a string, unescaped.</summary>
    public ReadOnlySpan<byte> NextText(string must) => Next() ? Text(must) : Missing(must);

    /// <summary>The next element, a string.</summary>
    public string NextString(string must)
    {
        if (!Next())
        {
            Fail(must);
        }

        return String(must);
    }

    /// <summary>The next element: a string, or a number's digits; null when null or absent.</summary>
    public string? NextStringOrNull(string must) => Next() ? StringOrNull(must) : null;

    /// <summary>The string that the reader stands on, unescaped.</summary>
    public ReadOnlySpan<byte> Text(string must)
    {
        if (Error is not null || Type != JsonTokenType.String)
        {
            return Missing(must);
        }

        return Unescaped(must);
    }

    /// <summary>The string that the reader stands on.</summary>
    public string String(string must)
    {
        try
        {
            if (Error is null && Type == JsonTokenType.String)
            {
                return _reader.GetString()!;
            }
        }
        catch (InvalidOperationException)
        {
        }

        Fail(must);
        return "";
    }

    /// <summary>The string or the number's digits that the reader stands on; null when null.</summary>
    public string? StringOrNull(string must) => Type switch
    {
        _ when Error is not null => null,
        JsonTokenType.Null => null,
        JsonTokenType.Number => Encoding.UTF8.GetString(_reader.ValueSpan),
        _ => String(must),
    };

    /// <summary>The value that the reader stands on, as it was written.</summary>
    public ReadOnlySpan<byte> Raw()
    {
        int start = (int)_reader.TokenStartIndex;
        return SkipUnread() ? _json[start..(int)_reader.BytesConsumed] : default;
    }

    private ReadOnlySpan<byte> Unescaped(string must)
    {
        try
        {
            return JsonText.Unescape(ref _reader);
        }
        catch (InvalidOperationException)
        {
            return Missing(must);
        }
    }

    private ReadOnlySpan<byte> Missing(string must)
    {
        Fail(must);
        return default;
    }

    private bool Step()
    {
        if (Error is not null)
        {
            return false;
        }

        try
        {
            if (_reader.Read())
            {
                _unread = Type is JsonTokenType.StartArray or JsonTokenType.StartObject;
                return true;
            }
        }
        catch (JsonException)
        {
        }

        Fail("The JSON is cut off or damaged");
        return false;
    }

    private bool SkipUnread()
    {
        if (Error is null && _unread)
        {
            _unread = false;
            try
            {
                _reader.Skip();
            }
            catch (JsonException)
            {
                Fail("The JSON is cut off or damaged");
            }
        }

        return Error is null;
    }
}
