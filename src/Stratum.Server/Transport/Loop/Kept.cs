using System.Buffers;

namespace Stratum.Server;

/// <summary>
/// Bytes of one connection that outlive a turn: the rest of a send, or of what a paused session did not take. A pooled
/// array that exists only while there are any. A mutable struct: keep it in a field.
/// </summary>
internal struct Kept
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    public readonly bool IsEmpty => _bytes is null;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Keeps a copy; only when it is empty.</summary>
    public void Set(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _bytes = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_bytes);
        (_start, _end) = (0, bytes.Length);
    }

    /// <summary>Drops bytes from the front; with the last the array goes.</summary>
    public void Skip(int count)
    {
        _start += count;
        if (_start == _end)
            Release();
    }

    public void Release()
    {
        if (_bytes is null)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        _start = _end = 0;
    }
}
