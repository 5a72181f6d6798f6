namespace Stratum.BlockNotify;

/// <summary>
/// Finds the members of a JSON object without judging what is inside them. .NET's reader knows better, and its start
/// takes half as long as the whole program.
/// </summary>
internal ref struct JsonScan(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>All bytes were looked at; else what did not fit stands there.</summary>
    public readonly bool IsAtEnd => _at >= _bytes.Length;

    /// <summary>Goes past a character and the white space before it, if it is the next one.</summary>
    public bool Take(char expected)
    {
        while (!IsAtEnd && IsSpace(_bytes[_at]))
            _at++;
        if (IsAtEnd || _bytes[_at] != expected)
            return false;
        _at++;
        return true;
    }

    /// <summary>Goes past one member and its comma. False: it is none, or its end has not come.</summary>
    /// <param name="name">As it is written, with its quotes.</param>
    /// <param name="value">As it is written.</param>
    public bool TakeMember(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        name = Value();
        if (!name.StartsWith("\""u8) || !Take(':'))
            return false;
        value = Value();
        Take(',');
        return !value.IsEmpty;
    }

    private ReadOnlySpan<byte> Value()
    {
        while (!IsAtEnd && IsSpace(_bytes[_at]))
            _at++;
        var start = _at;
        for (var depth = 0; !IsAtEnd; _at++)
        {
            var c = _bytes[_at];
            if (depth == 0 && (c is (byte)',' or (byte)':' or (byte)'}' or (byte)']' || IsSpace(c)))
                return _bytes[start.._at];
            if (c == '"')
                GoToQuote();
            else if (c is (byte)'{' or (byte)'[')
                depth++;
            else if (c is (byte)'}' or (byte)']')
                depth--;
            else
                continue;
            if (depth == 0 && !IsAtEnd)
                return _bytes[start..++_at];
        }
        return default;
    }

    private void GoToQuote()
    {
        for (_at++; !IsAtEnd && _bytes[_at] != '"'; _at++)
            if (_bytes[_at] == '\\')
                _at++;
    }

    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
