using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Stratum.Protocol;

/// <summary>
/// An owned copy of a request's id, for answers that come after the line's bytes are gone. Kept as it was written,
/// whatever its JSON type (strings, numbers of 300 digits, objects). Plain integers, nearly all ids, cost no
/// allocation. The default value is null.
/// </summary>
public readonly struct RequestId : IEquatable<RequestId>
{
    private readonly long _number;
    private readonly byte[]? _raw;
    private readonly bool _isNumber;

    /// <summary>Copies a raw id.</summary>
    /// <param name="rawJson"><see cref="Message.Id"/>; empty means null.</param>
    public RequestId(ReadOnlySpan<byte> rawJson)
    {
        if (rawJson.IsEmpty || rawJson.SequenceEqual("null"u8))
        {
            return;
        }

        Span<byte> scratch = stackalloc byte[20];
        if (Utf8Parser.TryParse(rawJson, out long number, out int read) && read == rawJson.Length
            && number.TryFormat(scratch, out int written) && scratch[..written].SequenceEqual(rawJson))
        {
            _number = number; // only where writing it gives the same bytes: "-0" does not
            _isNumber = true;
        }
        else
        {
            _raw = rawJson.ToArray();
        }
    }

    private RequestId(long number)
    {
        _number = number;
        _isNumber = true;
    }

    /// <summary>Whether the id is null or was absent: then no answer is wanted.</summary>
    public bool IsNull => !_isNumber && _raw is null;

    /// <summary>Whether two ids are the same bytes.</summary>
    public static bool operator ==(RequestId left, RequestId right) => left.Equals(right);

    /// <summary>Whether two ids differ in a byte.</summary>
    public static bool operator !=(RequestId left, RequestId right) => !left.Equals(right);

    /// <summary>The id of requests that we send.</summary>
    public static RequestId FromNumber(long number) => new(number);

    /// <summary>The id as a number, when it is a plain integer; what our own requests come back with.</summary>
    public bool TryGetNumber(out long number)
    {
        number = _number;
        return _isNumber;
    }

    /// <summary>The id as JSON.</summary>
    /// <param name="scratch">At least 20 bytes; a number is written there.</param>
    /// <returns>Part of <paramref name="scratch"/>, or the id's own bytes.</returns>
    public ReadOnlySpan<byte> AsUtf8(Span<byte> scratch)
    {
        if (!_isNumber)
        {
            return _raw is null ? "null"u8 : _raw;
        }

        _number.TryFormat(scratch, out int written);
        return scratch[..written];
    }

    /// <summary>Writes the id as JSON, <c>null</c> included.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        Span<byte> scratch = stackalloc byte[20];
        writer.Write(AsUtf8(scratch));
    }

    /// <inheritdoc/>
    public bool Equals(RequestId other) =>
        _isNumber == other._isNumber && _number == other._number && IsNull == other.IsNull
        && _raw.AsSpan().SequenceEqual(other._raw);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RequestId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(_number);
        hash.AddBytes(_raw);
        return hash.ToHashCode();
    }

    /// <summary>The id as JSON.</summary>
    public override string ToString() => Encoding.UTF8.GetString(AsUtf8(stackalloc byte[20]));
}
